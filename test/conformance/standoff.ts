/** What every standoff format must do. A format's own test calls this and adds what it exists for. */
import { describe, expect, it } from 'vitest';
import { type Problem, TaggerError } from '../../src/core/errors.js';
import {
  openStandoff,
  type StandoffFile,
  type StandoffName,
  type StandoffOptions,
  type StandoffSource,
} from '../../src/corpus/standoff/index.js';
import type { Document } from '../../src/text/document.js';
import { type OffsetUnit, offsetsOf, offsetUnits } from '../../src/text/offsets.js';
import { seed } from '../support/arrays.js';
import { labelled, lone, randomDocument, special } from './standoff-documents.js';
import { randomOf } from './standoff-text.js';

export interface StandoffCase {
  readonly name: StandoffName;
  /** What its own tools count. */
  readonly unit: OffsetUnit;
  /** What of a document the format holds: all but this is lost on the way. */
  readonly holds: (document: Document) => Document;
  /** Whether it can hold a surrogate without its other half. */
  readonly holdsLone: boolean;
  /** What it holds of a document whose tokens have labels in the column `pos`, and no entities. */
  readonly holdsLabels: (document: Document) => Document;
  /** A file with one document. */
  readonly file: (text: string, entities: readonly Stored[]) => StandoffSource;
  /** Where its first entity stands. */
  readonly place: Problem['place'];
  /** Whether it stores the texts of entities. */
  readonly storesTexts: boolean;
}

export interface Stored {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly text?: string;
}

export function standoffConformance(given: StandoffCase): void {
  const { name, holds, holdsLone, holdsLabels, unit } = given;
  const seeds = Array.from({ length: 60 }, (_, i) => seed + i);

  describe(`${name}: what every standoff format does`, () => {
    it('counts what its own tools count unless it is told otherwise', () => {
      expect(openStandoff(name).unit).toBe(unit);
      expect(openStandoff(name, { unit: 'utf16' }).unit).toBe('utf16');
    });

    for (const unit of offsetUnits) {
      for (const [what, document] of Object.entries(special)) {
        it(`reads what it wrote in ${unit}: ${what}`, () => {
          expect(roundTrip(name, [document], { unit })).toEqual([holds(document)]);
        });
      }
      for (const seed of seeds) {
        it(`reads what it wrote in ${unit}: random documents of seed ${seed}`, () => {
          const random = randomOf(seed);
          const documents = Array.from({ length: 5 }, () => randomDocument(random, { lone: holdsLone }));
          const read = roundTrip(name, documents, { unit });
          expect(read).toEqual(documents.map(holds));
          for (const document of read) expectInvariants(document);
        });
      }
      it(`reads the labels of single tokens that it wrote in ${unit}`, () => {
        const random = randomOf(seed);
        const documents = Array.from({ length: 20 }, () => randomDocument(random, { lone: holdsLone }))
          .filter(({ sentences }) => sentences.length > 0)
          .map((document) => labelled(document, 'pos', ['NOUN', 'VERB', 'X']));
        const options = { unit, label: 'pos', scheme: 'none' } as const;
        expect(roundTrip(name, documents, options)).toEqual(documents.map(holdsLabels));
      });
    }

    it('writes the entities that tags say where a document has none of its own', () => {
      const tokens = ['Ada', 'met', 'Bob'].map((text, i) => ({ text, start: i * 4, end: i * 4 + 3 }));
      const sentences = [{ tokens, columns: { ner: ['B-PER', 'E-PER', 'S-PER'] } }];
      const document = { id: 'a', text: 'Ada met Bob', sentences };
      const [{ entities }] = roundTrip(name, [document], { label: 'ner' });
      expect(entities).toEqual([
        { label: 'PER', start: 0, end: 7, text: 'Ada met' },
        { label: 'PER', start: 8, end: 11, text: 'Bob' },
      ]);
    });

    it('puts entities in order', () => {
      const document = special['entities at the start and the end'];
      const reversed = { ...document, entities: document.entities?.toReversed() };
      const read = roundTrip(name, [reversed], {});
      expect(read).toEqual([holds(document)]);
    });

    if (holdsLone) {
      it('holds surrogates without their other half, each of which is a code point', () => {
        for (const unit of offsetUnits) expect(roundTrip(name, [lone], { unit })).toEqual([holds(lone)]);
      });
    } else {
      it('refuses to write a surrogate without its other half', () => {
        const error = errorOf(() => roundTrip(name, [lone], {}));
        expect(error).toMatchObject({ code: 'E_DOCUMENT', problems: [{ place: { record: 'lone' } }] });
      });
    }

    faults(given);
  });
}

function faults({ name, unit, file, place, storesTexts }: StandoffCase): void {
  const read = (text: string, entity: Omit<Stored, 'label'>, unit?: OffsetUnit) =>
    problemsOf(() => openStandoff(name, { unit }).read(file(text, [{ label: 'PER', ...entity }])));
  const outside = { message: 'entity "PER" is not within the text', place };
  const expected = {
    utf16: 'offsets from 0 to 6 in UTF-16 code units, the end after the start',
    codepoint: 'offsets from 0 to 5 in code points, the end after the start',
  };

  it('says where an entity ends behind the text', () => {
    for (const unit of offsetUnits) {
      const problems = read('Ada 😀', { start: 2, end: 7 }, unit);
      expect(problems).toEqual([{ ...outside, expected: expected[unit], found: '2 to 7', hint: undefined }]);
    }
  });

  it('says where an entity has no characters, or ends before it starts', () => {
    const message = 'entity "PER" has no characters';
    for (const [start, end] of [
      [2, 2],
      [3, 1],
    ]) {
      expect(read('Ada 😀', { start, end })).toEqual([
        { message, place, expected: expected[unit], found: `${start} to ${end}`, hint: undefined },
      ]);
    }
  });

  it('says where an entity begins within a character', () => {
    const [problem] = read('Ada 😀 Bo', { start: 5, end: 7 }, 'utf16');
    expect(problem).toEqual({
      message: 'entity "PER" begins or ends within a character, between two surrogates',
      place,
      expected: 'whole characters',
      found: '"\\ude00 " at 5 to 7',
      hint: 'offsets: codepoint',
    });
  });

  it('says where an entity ends within a character', () => {
    const [problem] = read('Ada 😀', { start: 0, end: 5 }, 'utf16');
    expect(problem).toMatchObject({ place, found: '"Ada \\ud83d" at 0 to 5', hint: 'offsets: codepoint' });
  });

  if (!storesTexts) return;

  const hints: readonly (readonly [why: string, text: string, shown: string, hint: string])[] = [
    [
      'CR LF counted as one character',
      'Dear\r\nfriends,\r\nyours, Ada',
      'Dear\nfriends,\nyours, Ada',
      'write CR LF as LF in the text: it was counted as one character, by a tool that changes line ends',
    ],
    [
      'a byte order mark not counted',
      '\ufeffYours, Ada',
      'Yours, Ada',
      'take the byte order mark off the text: it was not counted',
    ],
    [
      'a byte order mark counted that is not there',
      'Yours, Ada',
      '\ufeffYours, Ada',
      'the stored text stands 1 character earlier: a byte order mark may have been counted that the text does not have',
    ],
    [
      'another normal form',
      'Rene\u0301 and Rene\u0301 and Ada',
      'René and René and Ada',
      'write the text in Unicode normal form NFC, in which it was counted',
    ],
    [
      'some characters too many',
      'yours, Ada',
      '123 yours, Ada',
      'the stored text stands 4 characters earlier',
    ],
    ['one character too few', 'yours, Ada', 'ours, Ada', 'the stored text stands 1 character later'],
  ];

  for (const [why, text, counted, hint] of hints) {
    it(`finds out why an entity has another text: ${why}`, () => {
      const start = counted.indexOf('Ada');
      const problems = read(text, { start, end: start + 3, text: 'Ada' });
      expect(problems).toMatchObject([{ place, hint }]);
    });
  }

  it('finds out why an entity has another text: the other unit', () => {
    const text = '😀 Ada and Bob';
    for (const [unit, other] of [offsetUnits, offsetUnits.toReversed()]) {
      const start = offsetsOf(text, other).ofUtf16(text.indexOf('Ada'));
      const wrong = offsetsOf(text, unit).toUtf16(start);
      expect(read(text, { start, end: start + 3, text: 'Ada' }, unit)).toEqual([
        {
          message: 'entity "PER" has another text than that at its offsets',
          place,
          expected: '"Ada"',
          found: `${JSON.stringify(text.slice(wrong, wrong + 3))} at ${start} to ${start + 3}`,
          hint: `offsets: ${other}`,
        },
      ]);
    }
  });

  it('finds out why an entity has another text: the other unit and line ends', () => {
    const text = '😀😀\r\nYours, Ada';
    const start = text.replaceAll('\r\n', '\n').indexOf('Ada');
    const [{ hint }] = read(text, { start, end: start + 3, text: 'Ada' }, 'codepoint');
    expect(hint).toMatch(/^offsets: utf16, and write CR LF as LF/);
  });

  it('finds out why an entity has another text: a wrong end', () => {
    const [{ hint }] = read('Ada Lovelace wrote', { start: 0, end: 3, text: 'Ada Lovelace' });
    expect(hint).toBe('correct the end: the stored text begins there, but has another length');
  });

  it('tells the first hundred wrong stretches of a record one by one, and counts the others', () => {
    const text = 'Ada, '.repeat(150);
    const entities = Array.from({ length: 150 }, (_, i) => ({
      label: 'PER',
      start: i * 5 + 1,
      end: i * 5 + 4,
      text: 'Ada',
    }));
    const problems = problemsOf(() => openStandoff(name).read(file(text, entities)));
    expect(problems).toHaveLength(101);
    expect(problems[99]).toMatchObject({ found: '"da," at 496 to 499' });
    expect(problems[100].message).toBe('50 more entities or tokens are wrong');
  });

  it('gives no reason where there is none to be found', () => {
    const [problem] = read('Ada Lovelace wrote', { start: 0, end: 3, text: 'Bob' });
    expect(problem).toMatchObject({ expected: '"Bob"', found: '"Ada" at 0 to 3', hint: undefined });
  });
}

/** Written into files and read again. */
export function roundTrip(
  name: StandoffName,
  documents: readonly Document[],
  options: StandoffOptions,
): readonly Document[] {
  return sourcesOf(name, documents, options).flatMap(
    (source) => openStandoff(name, options).read(source).documents,
  );
}

function sourcesOf(
  name: StandoffName,
  documents: readonly Document[],
  options: StandoffOptions,
): StandoffSource[] {
  const format = openStandoff(name, options);
  if ('beside' in format) {
    return documents.map((document) => {
      const [[ending, text], [, beside]] = format.files(document);
      return { name: `folder/${document.id}${ending}`, text, beside };
    });
  }
  const texts = documents.map((document) => format.write(document));
  return [{ name: `all${format.ending}`, text: `${format.head}${texts.join(format.between)}${format.tail}` }];
}

function expectInvariants({ text, sentences, entities = [] }: Document): void {
  const stretches = [...entities, ...sentences.flatMap(({ tokens }) => tokens)];
  expect(stretches.filter(({ start, end, text: own }) => text.slice(start, end) !== own)).toEqual([]);
}

/** A document without its tokens. */
export function withoutTokens(document: Document): Document {
  return { ...document, sentences: [] };
}

/** A document whose tokens are all in one sentence. */
export function inOneSentence({ sentences, ...document }: Document): Document {
  const tokens = sentences.flatMap((sentence) => sentence.tokens);
  return { ...document, sentences: tokens.length > 0 ? [{ tokens }] : [] };
}

/** A document whose labels of tokens have become entities. */
export function labelsAsEntities(document: Document, column: string, { scores = true } = {}): Document {
  const entities = document.sentences.flatMap(({ tokens, columns, scores: all }) =>
    tokens.map((token, i) => {
      const entity = { label: columns?.[column][i] ?? '', ...token };
      return scores && all ? { ...entity, score: all[i] } : entity;
    }),
  );
  const sentences = document.sentences.map(({ tokens }) => ({ tokens }));
  return { ...document, sentences, entities };
}

export function readAs(name: StandoffName, source: StandoffSource, options?: StandoffOptions): StandoffFile {
  return openStandoff(name, options).read(source);
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

export function problemsOf(action: () => unknown): readonly Problem[] {
  const error = errorOf(action);
  expect(error.code).toBe('E_CORPUS_FORMAT');
  return error.problems;
}
