/** Collects what a reader finds in a file, rows and problems, into documents and the gaps between their cells. */
import { basename } from 'node:path';
import { type Problem, TaggerError } from '../core/errors.js';
import type { Document, Sentence, Token } from '../text/document.js';
import type { CorpusFile, Source } from './format.js';
import type { Bounds } from './lines.js';

export interface Collector {
  /** One token: where its cells stand in the source, and the text between the token before and this one. */
  row(cells: readonly Bounds[], space: string): void;
  endSentence(): void;
  /** What follows belongs to another document. */
  startDocument(id?: string): void;
  /** Something wrong at a line and an offset into the source. */
  report(line: { start: number; number: number }, offset: number, problem: Omit<Problem, 'place'>): void;
  /** Throws E_CORPUS_FORMAT if there were problems, or no sentence at all. */
  finish(): CorpusFile;
}

/** `cells` names the cells of a row; see {@link CorpusFormat}. */
export function collect(source: Source, cells: readonly string[]): Collector {
  const word = cells.indexOf('word');
  const intern = interning();
  const problems: Problem[] = [];
  const documents: Document[] = [];
  const gaps: string[] = [];
  let gapStart = 0;

  let id: string | undefined;
  let text: string[] = [];
  let length = 0;
  let sentences: Sentence[] = [];
  let tokens: Token[] = [];
  let columns: string[][] = cells.map(() => []);

  function take(start: number, end: number): string {
    gaps.push(intern(source.text.slice(gapStart, start)));
    gapStart = end;
    return intern(source.text.slice(start, end));
  }

  function addToken(word: string, space: string): void {
    const before = length === 0 ? '' : space;
    const start = length + before.length;
    text.push(before, word);
    length = start + word.length;
    tokens.push({ text: word, start, end: length });
  }

  function endSentence(): void {
    if (tokens.length === 0) return;
    const named = cells.map((name, i) => [name, columns[i]] as const).filter(([name]) => name !== 'word');
    sentences.push({ tokens, columns: Object.fromEntries(named) });
    tokens = [];
    columns = cells.map(() => []);
  }

  function endDocument(): void {
    endSentence();
    if (sentences.length === 0) return;
    const number = documents.length + 1;
    documents.push({ id: id ?? `${basename(source.name)}#${number}`, text: text.join(''), sentences });
    text = [];
    length = 0;
    sentences = [];
  }

  return {
    row(bounds, space) {
      for (let i = 0; i < bounds.length; i++) {
        const cell = take(bounds[i][0], bounds[i][1]);
        if (i === word) addToken(cell, space);
        else columns[i].push(cell);
      }
    },
    endSentence,
    startDocument(newId) {
      endDocument();
      id = newId;
    },
    report(line, offset, problem) {
      const place = { file: source.name, line: line.number, column: offset - line.start + 1 };
      problems.push({ ...problem, place });
    },
    finish() {
      endDocument();
      if (problems.length === 0 && documents.length === 0) problems.push(noSentence(source));
      if (problems.length > 0) throw new TaggerError('E_CORPUS_FORMAT', problems);
      gaps.push(source.text.slice(gapStart));
      return { name: source.name, documents, gaps };
    },
  };
}

/** A corpus repeats few different strings many times: keep one of each. */
function interning(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
}

function noSentence({ name, text }: Source): Problem {
  return {
    message: 'the file has no sentence',
    place: { file: name, line: 1, column: 1 },
    expected: 'at least one sentence',
    found: text === '' ? 'an empty file' : 'no token in it',
    hint: 'check that this is the right file',
  };
}
