/** What every corpus format must do. A format's own test calls this with a sample and adds what it exists for. */
import { describe, expect, it } from 'vitest';
import { listedProblems, type Place, TaggerError } from '../../src/core/errors.js';
import type { CellFormat, CorpusFile } from '../../src/corpus/format.js';
import { type CellFormatOptions, openFormat } from '../../src/corpus/index.js';
import { parseFiles } from '../../src/corpus/read.js';

export interface Fault {
  readonly what: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly message: RegExp;
}

export interface ReaderCase {
  readonly format: CellFormatOptions;
  /** A well-formed file with `\n` line ends and a blank line or line end after its last sentence. */
  readonly sample: string;
  /** Its words by document and sentence. */
  readonly words: readonly (readonly (readonly string[])[])[];
  /** Files with exactly one fault each. */
  readonly faults: readonly Fault[];
  /** A random well-formed file; `pick` chooses among items, `some` repeats. */
  readonly random: (random: Random) => string;
}

export function readerConformance(
  name: string,
  { format: options, sample, words, ...rest }: ReaderCase,
): void {
  const format = openFormat(options);

  describe(`${name}: what every format does`, () => {
    it('reads the words', () => {
      expect(wordsOf(read(format, sample))).toEqual(words);
    });

    for (const [what, text] of Object.entries(variants(sample))) {
      it(`writes what it read: ${what}`, () => {
        const file = read(format, text);
        expect(format.write(file)).toBe(text);
        expect(wordsOf(file)).toEqual(words);
      });
      it(`gives offsets into the document's text: ${what}`, () => expectOffsets(read(format, text)));
    }

    it('gives one value a token in every column', () => {
      for (const { tokens, columns } of sentencesOf(read(format, sample))) {
        const names = Object.keys(columns ?? {});
        expect(names.sort()).toEqual(format.cells.filter((cell) => cell !== 'word').sort());
        for (const values of Object.values(columns ?? {})) expect(values).toHaveLength(tokens.length);
      }
    });

    it('has a default label among its columns', () => {
      expect(format.cells).toContain(format.label);
    });

    it('writes a changed column into the old layout', () => {
      const changed = relabel(read(format, sample), format.label);
      const text = format.write(changed);
      expect(text).not.toBe(sample);
      expect(text.split('\n')).toHaveLength(sample.split('\n').length);
      expect(read(format, text).documents).toEqual(changed.documents);
    });

    it('reads back what it writes in its plain layout', () => {
      const { documents } = read(format, sample);
      for (const document of documents) {
        const text = format.write({ name: 'made', documents: [document] });
        const [again] = format.read({ name: document.id, text }).documents;
        expect(again.sentences.map(({ columns }) => columns)).toEqual(
          document.sentences.map(({ columns }) => columns),
        );
        expect(wordsOf({ name: '', documents: [again] })).toEqual(
          wordsOf({ name: '', documents: [document] }),
        );
      }
    });

    it('refuses to write a word that would be read as two', () => {
      const token = { text: 'two\nlines', start: 0, end: 9 };
      const document = { id: 'x', text: token.text, sentences: [{ tokens: [token] }] };
      expect(problemsOf(() => format.write({ name: 'made', documents: [document] }))).toHaveLength(1);
    });

    it('refuses gaps that belong to other documents', () => {
      const { documents, gaps } = read(format, sample);
      const file = { name: 'made', documents, gaps: gaps?.slice(1) };
      expect(() => format.write(file)).toThrow(expect.objectContaining({ code: 'E_INTERNAL' }));
    });

    for (const [what, text] of [
      ['an empty file', ''],
      ['a byte order mark alone', '\uFEFF'],
      ['blank lines alone', '\n \t\n\r\n'],
    ]) {
      it(`refuses ${what}`, () => {
        expect(problemsOf(() => read(format, text))).toMatchObject([
          { message: 'the file has no sentence', place: { file: 'sample', line: 1, column: 1 } },
        ]);
      });
    }

    it('says where a file is not UTF-8', () => {
      const bytes = Buffer.concat([
        Buffer.from(sample),
        Buffer.from('ä\xE4'),
        Buffer.from([0xe4, 0x20, 0x0a, 0xff]),
      ]);
      const line = sample.split('\n').length;
      const offset = Buffer.byteLength(sample) + 4;
      expect(problemsOf(() => parseFiles(format, [{ path: 'sample', bytes }]))).toMatchObject([
        { place: { file: 'sample', line, column: 3 }, found: `byte 0xE4 at offset ${offset}` },
        { place: { file: 'sample', line: line + 1, column: 1 }, found: `byte 0xFF at offset ${offset + 3}` },
      ]);
    });

    for (const { what, text, line, column, message } of rest.faults) {
      it(`says where there is ${what}`, () => {
        const place: Place = { file: 'sample', line, column };
        const problems = problemsOf(() => read(format, text));
        expect(problems).toMatchObject([{ message: expect.stringMatching(message), place }]);
        expect(problems[0].expected).toBeTruthy();
        expect(problems[0].found).toBeTruthy();
      });
    }

    it('collects every problem, lists the first and counts the rest', () => {
      const text = rest.faults[0].text.replace(/\n*$/, '\n\n').repeat(listedProblems + 5);
      const error = errorOf(() => read(format, text));
      expect(error.problems).toHaveLength(listedProblems + 5);
      expect(error.message.match(/^sample:/gm)).toHaveLength(listedProblems);
      expect(error.message).toMatch(/… and 5 more$/);
    });

    for (let seed = 1; seed <= 60; seed++) {
      it(`writes what it read: random file of seed ${seed}`, () => {
        const text = rest.random(randomOf(seed));
        const file = read(format, text);
        expect(format.write(file)).toBe(text);
        expectOffsets(file);
      });
    }
  });
}

/** The same content in other layouts. */
function variants(sample: string): Record<string, string> {
  return {
    'as it is': sample,
    'Windows line ends': sample.replaceAll('\n', '\r\n'),
    'a byte order mark': `\uFEFF${sample}`,
    'no final line end': sample.trimEnd(),
    'runs of blank lines': `\n\n${sample.replaceAll('\n\n', '\n\n\t\n \n\n')}\n\n`,
  };
}

export function read(format: CellFormat, text: string): CorpusFile {
  return format.read({ name: 'sample', text });
}

export function sentencesOf({ documents }: CorpusFile) {
  return documents.flatMap(({ sentences }) => sentences);
}

export function wordsOf({ documents }: CorpusFile): string[][][] {
  return documents.map(({ sentences }) => sentences.map(({ tokens }) => tokens.map(({ text }) => text)));
}

/** Tokens stand in the text in order, and it holds nothing else but white space. */
export function expectOffsets({ documents }: CorpusFile): void {
  for (const { text, sentences } of documents) {
    const tokens = sentences.flatMap((sentence) => sentence.tokens);
    const wrong = tokens.filter((token) => text.slice(token.start, token.end) !== token.text);
    expect(wrong).toEqual([]);
    const gaps = tokens.map(({ start }, i) => text.slice(tokens[i - 1]?.end ?? 0, start));
    expect(gaps.filter((gap) => gap !== '' && gap !== ' ' && gap !== '\n')).toEqual([]);
    expect(tokens.at(-1)?.end).toBe(text.length);
  }
}

export function errorOf(action: () => unknown): TaggerError {
  try {
    action();
  } catch (error) {
    if (error instanceof TaggerError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function problemsOf(action: () => unknown) {
  const error = errorOf(action);
  expect(error.code).toBe('E_CORPUS_FORMAT');
  return error.problems;
}

function relabel(file: CorpusFile, label: string): CorpusFile {
  const documents = file.documents.map((document) => ({
    ...document,
    sentences: document.sentences.map((sentence) => ({
      ...sentence,
      columns: { ...sentence.columns, [label]: sentence.tokens.map((_, i) => `new-${i}`) },
    })),
  }));
  return { ...file, documents };
}

export interface Random {
  /** A whole number from 0 below `n`. */
  below(n: number): number;
  pick<T>(items: readonly T[]): T;
  /** At least `least` and at most `most` texts, one after the other. */
  some(least: number, most: number, text: () => string): string;
  /** A word of letters of many scripts, never a separator, `#` or a line end. */
  word(): string;
}

const letters = [...'aZ09.,-\'"/_=|:é\u00A0ßжاक中字😂\u200D\u0301\uFEFF\u2028\u0085\u{10FFFF}'];

function randomOf(seed: number): Random {
  let state = seed * 2654435761;
  const below = (n: number) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % n;
  };
  const pick = <T>(items: readonly T[]) => items[below(items.length)];
  const some = (least: number, most: number, text: () => string) =>
    Array.from({ length: least + below(most - least + 1) }, text).join('');
  return { below, pick, some, word: () => `w${some(0, 6, () => pick(letters))}` };
}
