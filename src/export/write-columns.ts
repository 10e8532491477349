/** Documents in the formats of columns that corpora are read in. */
import { TaggerError } from '../core/errors.js';
import type { CellFormat } from '../corpus/format.js';
import type { AnnotatedDocument, Document } from '../text/document.js';

export type Columns = NonNullable<Document['sentences'][number]['columns']>;

/**
 * The text of a document whose sentences have these columns; undefined for one without tokens. Throws E_DOCUMENT where a word
 * or a label has white space inside, which would be read back as two.
 */
export function writeColumns(
  document: AnnotatedDocument,
  format: CellFormat,
  columns: readonly Columns[],
): string | undefined {
  const sentences = document.sentences
    .map(({ tokens }, s) => ({ tokens, columns: columns[s] }))
    .filter(({ tokens }) => tokens.length > 0);
  if (sentences.length === 0) return undefined;
  const { id, text } = document;
  try {
    return format.write({ name: id, documents: [{ id, text, sentences }] });
  } catch (error) {
    if (!(error instanceof TaggerError && error.code === 'E_CORPUS_FORMAT')) throw error;
    throw new TaggerError('E_DOCUMENT', error.problems, { cause: error });
  }
}
