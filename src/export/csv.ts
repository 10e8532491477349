/**
 * CSV and TSV, a row for each entity or, where labels are of single tokens, for each token. Written here and not by fast-csv,
 * whose formatter is a stream that takes a third of a millisecond a document; the tests read it with fast-csv.
 */
import type { AnnotatedDocument } from '../text/document.js';
import { offsetsOf } from '../text/offsets.js';
import type { OutputKind } from './format.js';

const columns = ['id', 'start', 'end', 'label', 'text', 'score'];

interface Stretch {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly score?: number;
}

export const csv = separated(',', '.csv', 'comma');
export const tsv = separated('\t', '.tsv', 'tab');

function separated(separator: string, ending: string, name: string): OutputKind {
  const row = (cells: readonly unknown[]) =>
    `${cells.map((cell) => quoted(String(cell), separator)).join(separator)}\n`;
  return {
    summary: `a row an entity, or a token where labels are of tokens: ${columns.join(', ')}; separator ${name}`,
    endings: [ending],
    open: ({ label, scheme, unit = 'utf16' }) => ({
      ending,
      head: row(columns),
      between: '',
      tail: '',
      write(document) {
        const stretches = scheme === 'none' ? labelledTokens(document, label) : document.entities;
        if (stretches.length === 0) return undefined;
        const { ofUtf16 } = offsetsOf(document.text, unit);
        const id = document.fields?.id ?? document.id;
        return stretches
          .map(({ start, end, label, text, score }) =>
            row([id, ofUtf16(start), ofUtf16(end), label, text, score ?? '']),
          )
          .join('');
      },
    }),
  };
}

function labelledTokens({ sentences }: AnnotatedDocument, column: string): Stretch[] {
  return sentences.flatMap(({ tokens, columns, scores }) =>
    tokens.map((token, t) => ({ ...token, label: columns?.[column][t] ?? '', score: scores?.[t] })),
  );
}

/** As RFC 4180 has it. */
function quoted(cell: string, separator: string): string {
  const isPlain = !/["\r\n]/.test(cell) && !cell.includes(separator);
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
}
