/**
 * CoNLL-U, ten columns separated by tabs (https://universaldependencies.org/format.html). Words become tokens; the
 * rows of multiword ranges (`3-4`) and empty nodes (`5.1`) and the comments are checked and stay in the gaps.
 * The document's text follows `SpaceAfter=No`; the words of a range stand without a space as long as they spell it
 * (do+n't), and with one from the first that does not fit (German "zum" is zu dem). A new paragraph begins a line.
 */
import type { Problem } from '../core/errors.js';
import type { Document, Sentence } from '../text/document.js';
import { collect } from './collect.js';
import { idOrder, parseId, type RowId } from './conllu-ids.js';
import type { CellFormat, CorpusFile, FormatKind, Source } from './format.js';
import { join, plainGaps } from './layout.js';
import { type Bounds, isBlank, type Line, linesOf, splitAt } from './lines.js';

const cells = ['word', 'lemma', 'upos', 'xpos', 'feats', 'head', 'deprel', 'deps', 'misc'];
const columns = ['id', ...cells];
const form = columns.indexOf('word');
const misc = columns.indexOf('misc');

/** None: there is one way to write it. */
const options = {};

export const conllu: FormatKind<typeof options, CellFormat> = {
  options,
  open: () => ({ cells, label: 'upos', read, write }),
};

/** The comment that begins a document; its id, where it has one, is the first group. */
export const newDocumentComment = /^#\s*newdoc(?:\s+id\s*=\s*(.*?))?\s*$/;

/** The multiword range whose words are being read. */
interface Range {
  readonly line: Line;
  readonly id: string;
  readonly first: number;
  readonly last: number;
  /** What follows the range. */
  readonly space: string;
  /** What of its form the words so far have not spelled; undefined once one did not fit. */
  rest: string | undefined;
}

function read(source: Source): CorpusFile {
  const { text } = source;
  const collector = collect(source, cells);
  let space = '';
  let word = 0;
  let range: Range | undefined;
  let expectedInsteadOf = idOrder();

  for (const line of linesOf(text)) {
    if (isBlank(text, line)) endSentence();
    else if (text[line.start] === '#') readComment(text.slice(line.start, line.end));
    else readRow(line, splitAt('\t', text, line));
  }
  endSentence();
  return collector.finish();

  function readComment(comment: string): void {
    // Inside a sentence these would cut it in two; a missing blank line shows in the ids that follow.
    if (word > 0) return;
    const newDocument = newDocumentComment.exec(comment);
    if (newDocument) collector.startDocument(newDocument[1]);
    else if (/^#\s*newpar\b/.test(comment)) space = '\n';
  }

  function readRow(line: Line, fields: readonly Bounds[]): void {
    const idText = text.slice(...fields[0]);
    const id = parseId(idText);
    // Asked even of a row that is wrong otherwise, so that the next one is not called out of order.
    const expected = id && expectedInsteadOf(id);
    const problem = rowProblem(text, fields, id);
    if (problem) {
      collector.report(line, ...problem);
    } else if (expected !== undefined) {
      const hint = 'ids count from 1 in each sentence; look for a missing row or blank line';
      collector.report(line, line.start, { message: 'id out of order', expected, found: idText, hint });
    }
    if (id?.kind === 'word') {
      word = id.word;
      if (!problem) addWord(fields);
    } else if (id?.kind === 'range' && !problem) {
      const after = spaceAfter(text.slice(...fields[misc]));
      const rest = text.slice(...fields[form]);
      range = { line, id: idText, first: id.first, last: id.last, space: after, rest };
    }
  }

  function addWord(fields: readonly Bounds[]): void {
    const spelled = text.slice(...fields[form]);
    if (range && word <= range.last) {
      const isSpelling = range.rest?.startsWith(spelled);
      if (word > range.first) space = isSpelling ? '' : ' ';
      range.rest = isSpelling ? range.rest?.slice(spelled.length) : undefined;
    }
    collector.row(fields.slice(form), space);
    space = word === range?.last ? range.space : spaceAfter(text.slice(...fields[misc]));
  }

  function endSentence(): void {
    if (range && word < range.last) {
      collector.report(range.line, range.line.start, {
        message: `range ${range.id} without all of its words`,
        expected: `words up to id ${range.last}`,
        found: word === 0 ? 'a sentence without words' : `a sentence that ends at id ${word}`,
      });
    }
    collector.endSentence();
    word = 0;
    range = undefined;
    expectedInsteadOf = idOrder();
  }
}

/** What is wrong in a row by itself, after the offset at which it is. */
function rowProblem(
  text: string,
  fields: readonly Bounds[],
  id: RowId | undefined,
): [number, Problem] | undefined {
  const [start] = fields[0];
  const end = fields[fields.length - 1][1];
  if (fields.length !== columns.length) {
    const offset = fields[columns.length]?.[0] ?? end;
    const found = `${fields.length} in ${JSON.stringify(text.slice(start, end))}`;
    const hint = 'write _ for a value that is not given';
    return [
      offset,
      { message: 'ragged row', expected: `${columns.length} columns, separator tab`, found, hint },
    ];
  }
  const empty = fields.findIndex(([start, end]) => start === end);
  if (empty >= 0) {
    const message = `empty ${columns[empty]}`;
    return [fields[empty][0], { message, expected: 'text, or _ for nothing', found: 'nothing' }];
  }
  if (id) return undefined;
  const found = JSON.stringify(text.slice(...fields[0]));
  const expected = 'a word `3`, a range `3-4` or an empty node `3.1`';
  return [start, { message: 'this is no id', expected, found }];
}

function spaceAfter(misc: string): string {
  return misc.split('|').includes('SpaceAfter=No') ? '' : ' ';
}

function write({ name, documents, gaps }: CorpusFile): string {
  const complete = gaps ? documents : documents.map(withSpaceAfter);
  return join(name, complete, gaps ?? plain(complete), cells, /[\t\n]/);
}

/** Documents that were not read from CoNLL-U say in `misc` where no space follows. */
function withSpaceAfter(document: Document): Document {
  const starts = document.sentences.flatMap(({ tokens }) => tokens.map(({ start }) => start));
  let next = 0;
  const sentences = document.sentences.map((sentence) => {
    const spaces = sentence.tokens.map(({ end }) => (starts[++next] === end ? 'SpaceAfter=No' : '_'));
    return { ...sentence, columns: { misc: spaces, ...sentence.columns } };
  });
  return { ...document, sentences };
}

function plain(documents: readonly Document[]): string[] {
  return plainGaps(documents, cells.length, {
    beforeSentence: (d, s) => (s === 0 ? newDocument(documents[d]) : '') + textOf(documents[d].sentences[s]),
    beforeRow: (token) => `${token + 1}\t`,
    beforeCell: () => '\t',
    afterRow: '\n',
    afterSentence: '\n',
  });
}

const newDocument = ({ id }: Document) => `# newdoc id = ${id.replace(/[\r\n]+/g, ' ')}\n`;

/** The comment with the text of a sentence, as its words and the spaces after them make it. */
function textOf({ tokens, columns }: Sentence): string {
  const words = tokens.map(({ text }, t) => text + spaceAfter(columns?.misc?.[t] ?? ''));
  return `# text = ${words.join('').trimEnd()}\n`;
}
