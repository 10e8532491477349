/**
 * CoNLL columns: a row a token, a blank line between sentences, a row that begins with `-DOCSTART-` between
 * documents. Which columns there are and what separates them is said by the options.
 */
import { z } from 'zod';
import { collect } from './collect.js';
import type { CellFormat, FormatKind, Settled } from './format.js';
import { join, plainGaps } from './layout.js';
import { type Bounds, isBlank, type Line, linesOf, splitAt, splitAtSpaces } from './lines.js';

/** How a line begins that stands between documents. */
export const documentStart = '-DOCSTART-';
const ignored = '_';

/** Columns of which one is the word. A corpus has more; what shall be annotated need not. */
export const columnNames = z
  .array(z.string().min(1, 'a column has a name, or `_` where it is to be ignored').nullable())
  .refine((names) => names.includes('word'), 'one column is `word`, the text of the token')
  .refine((names) => new Set(named(names)).size === named(names).length, 'no two columns have the same name')
  .describe('names of the columns in order; `_` or null for one to ignore');

export const layoutOptions = {
  separator: z
    .string()
    .min(1)
    .refine((text) => !/[\r\n]/.test(text), 'a separator is not a line end')
    .default('whitespace')
    .describe('`whitespace` (runs of spaces and tabs), `tab`, `space`, or the text itself'),
  comments: z.boolean().default(false).describe('whether lines that begin with # are comments'),
};

const options = {
  columns: columnNames
    .refine((names) => named(names).length > 1, 'besides `word` there is at least one column with a name')
    .describe(columnNames.description!),
  ...layoutOptions,
};

export const conll: FormatKind<typeof options, CellFormat> = { options, open };

function named(names: readonly (string | null)[]): string[] {
  return names.filter((name) => name !== null && name !== ignored) as string[];
}

interface Separator {
  readonly text: string;
  readonly split: (text: string, line: Line) => Bounds[];
  /** What no cell can contain. */
  readonly forbidden: RegExp;
}

function separatorOf(name: string): Separator {
  if (name === 'whitespace') return { text: ' ', split: splitAtSpaces, forbidden: /[ \t\n]/ };
  const text = name === 'tab' ? '\t' : name === 'space' ? ' ' : name;
  const escaped = text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return { text, split: (...line) => splitAt(text, ...line), forbidden: new RegExp(`${escaped}|\n`) };
}

function open({ columns, separator: name, comments }: Settled<typeof options>): CellFormat {
  const cells = named(columns);
  const indices = cells.map((cell) => columns.indexOf(cell));
  const separator = separatorOf(name);
  const expected = `${columns.length} columns (${columns.map((c) => c ?? ignored).join(' ')}), separator ${name}`;

  return {
    cells,
    label: cells.filter((cell) => cell !== 'word').at(-1) as string,

    read(source) {
      const { text } = source;
      const collector = collect(source, cells);
      let space = '';
      for (const line of linesOf(text)) {
        if (isBlank(text, line)) {
          collector.endSentence();
          space = '\n';
          continue;
        }
        if (comments && text[line.start] === '#') continue;
        if (text.startsWith(documentStart, line.start)) {
          collector.startDocument();
          continue;
        }
        const fields = separator.split(text, line);
        if (fields.length !== columns.length) {
          collector.report(line, fields[columns.length]?.[0] ?? line.end, {
            message: 'ragged row',
            expected,
            found: `${fields.length} in ${JSON.stringify(text.slice(line.start, line.end))}`,
            hint: otherSeparator(text, line, columns.length),
          });
          continue;
        }
        const row = indices.map((index) => fields[index]);
        const empty = row.findIndex(([start, end]) => start === end);
        if (empty >= 0) {
          collector.report(line, row[empty][0], {
            message: `empty ${cells[empty]}`,
            expected: 'text in every column that has a name',
            found: JSON.stringify(text.slice(line.start, line.end)),
          });
          continue;
        }
        collector.row(row, space);
        space = ' ';
      }
      return collector.finish();
    },

    write({ name, documents, gaps }) {
      const layout = gaps ?? plainGaps(documents, cells.length, plain(documents.length > 1));
      return join(name, documents, layout, cells, separator.forbidden);
    },
  };

  function plain(hasDocumentStarts: boolean) {
    const fillers = (from: number, to: number) => Array(Math.max(0, to - from)).fill(ignored);
    const between = (from: number, to: number) => ['', ...fillers(from, to), ''].join(separator.text);
    const before = fillers(0, indices[0]).map((filler) => filler + separator.text);
    const after = fillers(indices.at(-1)! + 1, columns.length).map((filler) => separator.text + filler);
    const start = [documentStart, ...Array(columns.length - 1).fill('O')].join(separator.text);
    return {
      beforeSentence: (_: number, sentence: number) =>
        hasDocumentStarts && sentence === 0 ? `${start}\n\n` : '',
      beforeRow: () => before.join(''),
      beforeCell: (cell: number) => between(indices[cell - 1] + 1, indices[cell]),
      afterRow: `${after.join('')}\n`,
      afterSentence: '\n',
    };
  }
}

const usualSeparators = ['whitespace', 'tab', 'space'].map((name) => ({ name, ...separatorOf(name) }));

/** A ragged row is often a whole one with another separator. */
function otherSeparator(text: string, line: Line, count: number): string {
  // Where one column is expected, a separator that is not there always fits.
  const fitting = count > 1 && usualSeparators.find(({ split }) => split(text, line).length === count);
  return fitting
    ? `separator: ${fitting.name}, with which this row has ${count} columns`
    : 'complete the row, or name every column of the file under `columns` (--columns word,_,ner)';
}
