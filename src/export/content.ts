/** What a format makes of a document. */
import { TaggerError } from '../core/errors.js';
import type { AnnotatedDocument } from '../text/document.js';
import type { FolderFormat, OutputFormat } from './format.js';

/**
 * Its part of the file; or, of a format that takes several files a document, each of them by its ending; undefined where
 * nothing is to be written of it. Throws E_DOCUMENT for a document that the format cannot hold, and what the format throws.
 */
export function contentOf(
  format: OutputFormat | FolderFormat,
  document: AnnotatedDocument,
): string | ReadonlyMap<string, string> | undefined {
  if ('files' in format) return format.files(document);
  const content = format.write(document);
  // As UTF-8 it would become U+FFFD, and the text another one. JSON has an escape for it.
  if (content === undefined || !/\p{Surrogate}/u.test(content)) return content;
  throw new TaggerError('E_DOCUMENT', {
    message: 'this format cannot hold a lone surrogate',
    place: { record: document.id },
    hint: 'jsonl, which can',
  });
}
