/** From documents and gaps back to the text of a file, and to the place of a token in it. */
import { type Place, TaggerError } from '../core/errors.js';
import type { Document, Sentence } from '../text/document.js';
import type { CorpusFile } from './format.js';

interface Cell {
  readonly text: string;
  readonly column: string;
  readonly sentence: number;
  readonly token: number;
}

/** What a column holds where a sentence does not have it. */
const nothing = '_';

export function sentencesOf(documents: readonly Document[]): Sentence[] {
  return documents.flatMap((document) => document.sentences);
}

/** Every cell in order of the file; sentences count from 0 through all documents. */
function* cellsOf(documents: readonly Document[], columns: readonly string[]): Generator<Cell> {
  const sentences = sentencesOf(documents);
  for (let sentence = 0; sentence < sentences.length; sentence++) {
    const { tokens, columns: values } = sentences[sentence];
    for (let token = 0; token < tokens.length; token++) {
      for (const column of columns) {
        const text = column === 'word' ? tokens[token].text : (values?.[column]?.[token] ?? nothing);
        yield { text, column, sentence, token };
      }
    }
  }
}

/** The text of a file. A cell that is empty or matches `forbidden` would be read back wrongly: E_CORPUS_FORMAT. */
export function join(
  name: string,
  documents: readonly Document[],
  gaps: readonly string[],
  columns: readonly string[],
  forbidden: RegExp,
): string {
  const parts: string[] = [];
  let i = 0;
  for (const { text, column, sentence, token } of cellsOf(documents, columns)) {
    if (text === '' || forbidden.test(text)) {
      const record = `sentence ${sentence + 1}, token ${token + 1}`;
      throw new TaggerError('E_CORPUS_FORMAT', {
        message: `this ${column} cannot be written in the format`,
        place: { file: name, record },
        expected: `text without ${forbidden.source}`,
        found: JSON.stringify(text),
      });
    }
    parts.push(gaps[i++], text);
  }
  if (i + 1 !== gaps.length) {
    throw new TaggerError('E_INTERNAL', {
      message: 'the layout of a corpus file does not belong to its documents',
      expected: `${i + 1} gaps`,
      found: `${gaps.length}`,
      hint: 'leave `gaps` out where tokens were added or removed',
    });
  }
  parts.push(gaps[i]);
  return parts.join('');
}

/** Where a token's cell of a column stands in the file. Works through the file once, at the first question. */
export function locateIn(file: CorpusFile, columns: readonly string[], column: string) {
  let places: Place[][] | undefined;
  return (sentence: number, token: number): Place => {
    places ??= placesOf(file, columns, column);
    return places[sentence][token];
  };
}

function placesOf(
  { name, documents, gaps, places: known }: CorpusFile,
  columns: readonly string[],
  wanted: string,
) {
  if (!gaps) {
    return documents.flatMap(({ sentences }, d) =>
      sentences.map(({ tokens }) => tokens.map(() => known?.[d] ?? { file: name })),
    );
  }
  const places: Place[][] = [];
  let line = 1;
  let column = 1;
  let i = 0;
  for (const cell of cellsOf(documents, columns)) {
    const gap = gaps[i++];
    const lastBreak = gap.lastIndexOf('\n');
    if (lastBreak >= 0) {
      line += gap.split('\n').length - 1;
      column = gap.length - lastBreak;
    } else {
      // A byte order mark is not a column.
      column += i === 1 && gap.startsWith('\uFEFF') ? gap.length - 1 : gap.length;
    }
    if (cell.column === wanted) {
      if (cell.token === 0) places.push([]);
      places[cell.sentence].push({ file: name, line, column });
    }
    column += cell.text.length;
  }
  return places;
}

/** The parts of the plain layout: what stands between two sentences of a document, two rows and two cells. */
export interface PlainLayout {
  /** Before the first row of a sentence; `first` when it is the first of its document. */
  beforeSentence(document: number, sentence: number): string;
  /** Before a row, after what precedes its sentence. `token` counts from 0. */
  beforeRow(token: number): string;
  /** Before the second and later cells of a row. */
  beforeCell(cell: number): string;
  /** After each row. */
  readonly afterRow: string;
  /** After each sentence. */
  readonly afterSentence: string;
}

/** The gaps of documents that were not read from a file. */
export function plainGaps(documents: readonly Document[], cells: number, layout: PlainLayout): string[] {
  const gaps: string[] = [];
  let pending = '';
  documents.forEach((document, d) => {
    document.sentences.forEach((sentence, s) => {
      pending += layout.beforeSentence(d, s);
      for (let token = 0; token < sentence.tokens.length; token++) {
        gaps.push(pending + layout.beforeRow(token));
        for (let cell = 1; cell < cells; cell++) gaps.push(layout.beforeCell(cell));
        pending = layout.afterRow;
      }
      pending += layout.afterSentence;
    });
  });
  return [...gaps, pending];
}
