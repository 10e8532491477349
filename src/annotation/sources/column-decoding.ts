/** Decodes records of CoNLL and CoNLL-U with the readers of corpora. */
import type { CorpusFormat } from '../../corpus/format.js';
import type { Document } from '../../text/document.js';
import { type Decode, numbered } from '../source.js';
import { inDocument, textOf } from './decoding.js';

export interface ColumnDecoding {
  /** Whether a line that is not blank holds a token. */
  isToken(line: string): boolean;
  /** The id that the record itself gives the document. */
  idOf(document: Document, lines: readonly string[]): string | undefined;
}

export function columnDecoder(format: CorpusFormat, { isToken, idOf }: ColumnDecoding): Decode {
  return (record) => {
    const { position } = record;
    const text = textOf(record);
    const lines = text.split(/\r?\n/);
    const hasTokens = lines.some((line) => /[^ \t]/.test(line) && isToken(line));
    // A corpus without a sentence is a mistake; a document without one is empty.
    const document: Document = hasTokens
      ? inDocument(position, () => format.read({ name: position.name, text }).documents[0])
      : { id: '', text: '', sentences: [] };
    return { ...document, id: idOf(document, lines) ?? numbered(position) };
  };
}
