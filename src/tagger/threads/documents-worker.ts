/** What runs in a worker thread for `annotateMany`: documents in, what was found in them or what went wrong out. */
import { errorData } from '../../core/errors.js';
import { inHalves } from '../../core/in-halves.js';
import type { DocumentResult, DocumentsJob } from '../annotate-many.js';
import { annotationOf } from '../annotation.js';
import { workerTagger } from './worker-tagger.js';

/** One result a document, in order; a document that fails leaves the others as they are. */
export default function annotateDocuments({ documents, wanted }: DocumentsJob): DocumentResult[] {
  return inHalves(documents, (some) => {
    const tagger = workerTagger();
    return tagger.annotateDocuments(some, wanted).map((found) => annotationOf(found, tagger.label));
  }).map((outcome) =>
    'error' in outcome ? { error: errorData(outcome.error) } : { annotation: outcome.value },
  );
}
