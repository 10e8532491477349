/** Documents as a format writes them: all of them, or an error that names every one that the format cannot hold. */
import { type ErrorCode, type Problem, TaggerError } from '../core/errors.js';
import type { AnnotatedDocument } from '../text/document.js';
import { contentOf } from './content.js';
import type { FolderFormat, OutputFormat } from './format.js';

export interface DocumentContent {
  readonly id: string;
  /** Its part of the file; or, of a format that takes several files a document, each of them by its ending. */
  readonly content: string | ReadonlyMap<string, string>;
}

/** What formats throw for a document that they cannot hold. */
const refusals: readonly ErrorCode[] = ['E_DOCUMENT', 'E_CORPUS_FORMAT'];

/** Without those of which the format writes nothing. Throws E_DOCUMENT. */
export function writeDocuments(
  format: OutputFormat | FolderFormat,
  documents: readonly AnnotatedDocument[],
): DocumentContent[] {
  const problems: Problem[] = [];
  const written = documents.flatMap((document) => {
    try {
      const content = contentOf(format, document);
      return content === undefined ? [] : [{ id: document.id, content }];
    } catch (error) {
      if (!(error instanceof TaggerError && refusals.includes(error.code))) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new TaggerError('E_DOCUMENT', problems);
  return written;
}
