/** What runs in a worker thread for `annotateMany`: documents in, what was found in them or what went wrong out. */
import { errorData } from '../../core/errors.js';
import { inHalves } from '../../core/in-halves.js';
import type { DocumentResult, DocumentsJob, DocumentsResult } from '../annotate-many.js';
import { annotationOf } from '../annotation.js';
import { WatchedWork } from '../monitor/watched-work.js';
import { workerTagger } from './worker-tagger.js';

/** One result a document, in order; a document that fails leaves the others as they are. */
export default function annotateDocuments({ documents, wanted, isWatched }: DocumentsJob): DocumentsResult {
  const work = new WatchedWork(isWatched);
  const outcomes = inHalves(documents, (some) => {
    const tagger = workerTagger();
    return work.annotate(tagger, some, wanted).map((found) => annotationOf(found, tagger.label));
  });
  const results = outcomes.map(
    (outcome): DocumentResult =>
      'error' in outcome ? { error: errorData(outcome.error) } : { annotation: outcome.value },
  );
  return { results, tally: work.tally };
}
