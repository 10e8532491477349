/** What a caller may hand over to be annotated, as documents. */
import { TaggerError } from '../core/errors.js';
import type { Document, Sentence, Token } from '../text/document.js';
import { align } from '../text/tokenizers/align.js';
import type { TokenSentence } from '../text/tracks.js';

/** A stretch of a text, in UTF-16 code units. */
export interface Offsets {
  readonly start: number;
  readonly end: number;
}

/** A text whose tokens are known by their offsets, in order: of one sentence, or a list for each. */
export interface TokenizedText {
  readonly text: string;
  readonly tokens: readonly Offsets[] | readonly (readonly Offsets[])[];
  readonly columns?: InputColumns;
}

/** The words of a sentence, or of several, with columns that go with them. */
export interface TokenizedWords {
  readonly text?: undefined;
  readonly tokens: readonly string[] | readonly (readonly string[])[];
  readonly columns?: InputColumns;
}

/** Values by the name of their column, one a token, in lists as the tokens are. A model tells in `columns` which it reads. */
export type InputColumns = Readonly<Record<string, readonly string[] | readonly (readonly string[])[]>>;

/**
 * A text; or the words of a sentence, or of several, which are tokens already (their text is the words with single spaces
 * in between, a sentence a line); or a text with the offsets of its tokens. Models that read columns need tokens with columns.
 */
export type AnnotateInput =
  | string
  | readonly string[]
  | readonly (readonly string[])[]
  | TokenizedText
  | TokenizedWords;

/** The words of a sentence; with columns where the model reads any. */
export type Words = readonly string[] | TokenSentence;

export const sentenceOf = (words: Words): TokenSentence => (isList(words) ? { tokens: words } : words);

/**
 * The caller's own tokenizer: the tokens of a text as strings or by their offsets, in order; a list of lists where it tells
 * sentences apart. Whatever lies between strings and is not white space becomes tokens of its own, which go with the sentence
 * before. A string that the text does not have behind the one before is refused with E_USAGE.
 */
export type Tokenize = (
  text: string,
) => readonly string[] | readonly (readonly string[])[] | TokenizedText['tokens'];

/** How texts become documents: by the tokenizer of the model unless the caller has one. */
export interface Cutters {
  readonly makeDocument: (text: string) => Document;
  readonly tokenize?: Tokenize;
}

/** Throws E_USAGE where it is no input, offsets of tokens are no stretches of the text in order, or a word is no string. */
export function documentOf(input: AnnotateInput, { makeDocument, tokenize }: Cutters): Document {
  if (typeof input === 'string') return tokenize ? documentBy(tokenize, input) : makeDocument(input);
  if (isList(input)) return { id: '', ...joined(listsOf(input, 'words')) };
  if (typeof input?.text === 'string') {
    const { text, tokens } = input;
    const sentences = sentencesByOffsets(text, listsOf(tokens, 'offsets of tokens'));
    return { id: '', text, sentences: withColumns(sentences, input.columns) };
  }
  if (input?.text !== undefined || !isList(input?.tokens))
    throw wrong('this cannot be annotated', 'a text or tokens', input);
  const { text, sentences } = joined(listsOf(input.tokens, 'words'));
  return { id: '', text, sentences: withColumns(sentences, input.columns) };
}

/** Sentences with their part of every column. */
function withColumns(sentences: readonly Sentence[], columns: InputColumns = {}): readonly Sentence[] {
  const lists = Object.entries(columns).map(([name, values]): [string, readonly (readonly string[])[]] => {
    const lists = listsOf(values, `values of the column "${name}"`);
    const lengths = sentences.map(({ tokens }) => tokens.length).join(', ');
    const found = lists.map(({ length }) => length).join(', ');
    if (found !== lengths) {
      const expected = `a value for every token, in lists as the tokens are: ${lengths}`;
      throw wrong(`the column "${name}" does not go with the tokens`, expected, `lists of ${found}`);
    }
    const other = lists.flat().find((value) => typeof value !== 'string');
    if (other !== undefined) throw wrong(`a value of the column "${name}" is no string`, 'strings', other);
    return [name, lists];
  });
  if (lists.length === 0) return sentences;
  return sentences.map((sentence, s) => ({
    ...sentence,
    columns: Object.fromEntries(lists.map(([name, values]) => [name, values[s]])),
  }));
}

function documentBy(tokenize: Tokenize, text: string): Document {
  const found: Lists<string | Offsets> = tokenize(text);
  const lists = listsOf(found, 'tokens of the text');
  const isOfStrings = lists.flat().every((token) => typeof token === 'string');
  const sentences = isOfStrings
    ? sentencesByWords(text, lists as readonly (readonly string[])[])
    : sentencesByOffsets(text, lists as readonly (readonly Offsets[])[]);
  return { id: '', text, sentences };
}

/** Words with single spaces in between, a sentence a line. */
function joined(lists: readonly (readonly string[])[]): Pick<Document, 'text' | 'sentences'> {
  let text = '';
  const sentences = lists.map((words, s) => {
    if (s > 0) text += '\n';
    const tokens = words.map((word, w): Token => {
      if (typeof word !== 'string') throw wrong('a word is no string', 'strings', word);
      if (w > 0) text += ' ';
      const start = text.length;
      text += word;
      return { text: word, start, end: text.length };
    });
    return { tokens };
  });
  return { text, sentences };
}

/** Every sentence reaches to the first word of the next one that has words; what stands before all words goes with the first. */
function sentencesByWords(text: string, lists: readonly (readonly string[])[]): Sentence[] {
  const words = lists.map((list) => list.map((word) => word.trim()).filter((word) => word !== ''));
  const starts = startsOf(text, words);
  const tokens = align(text, words.flat());
  const sentences: Sentence[] = [];
  for (let s = words.length - 1; s >= 0; s--) {
    const start = s === 0 ? 0 : (starts[s] ?? text.length);
    let first = tokens.length;
    while (first > 0 && tokens[first - 1].start >= start) first--;
    sentences.push({ tokens: tokens.splice(first) });
  }
  return sentences.reverse();
}

/** The offset of the first word of each sentence that has words. */
function startsOf(text: string, lists: readonly (readonly string[])[]): (number | undefined)[] {
  let cursor = 0;
  return lists.map((words) => {
    let first: number | undefined;
    for (const word of words) {
      const start = text.indexOf(word, cursor);
      if (start < 0) {
        const expected = 'words as they stand in the text, in order; or their offsets';
        throw wrong(`the text does not have this word behind offset ${cursor}`, expected, word);
      }
      first ??= start;
      cursor = start + word.length;
    }
    return first;
  });
}

function sentencesByOffsets(text: string, lists: readonly (readonly Offsets[])[]): Sentence[] {
  let last = 0;
  return lists.map((list) => ({
    tokens: list.map((token): Token => {
      const { start, end } = token ?? {};
      const isRange = Number.isInteger(start) && Number.isInteger(end);
      if (!isRange || start < last || end <= start || end > text.length) {
        const expected = `${last} ≤ start < end ≤ ${text.length}, the length of the text`;
        throw wrong('offsets of a token that do not fit the text', expected, `start ${start}, end ${end}`);
      }
      last = end;
      return { text: text.slice(start, end), start, end };
    }),
  }));
}

type Lists<T> = readonly T[] | readonly (readonly T[])[];

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** A list of lists; a plain list, an empty one too, is one. */
function listsOf<T>(list: Lists<T>, what: string): readonly (readonly T[])[] {
  if (!isList(list)) throw wrong(`these are no ${what}`, 'a list, or a list of lists', list);
  const isNested = list.length > 0 && list.every(isList);
  return isNested ? (list as readonly (readonly T[])[]) : [list as readonly T[]];
}

function wrong(message: string, expected: string, found: unknown): TaggerError {
  return new TaggerError('E_USAGE', { message, expected, found: shown(found) });
}

const SHOWN = 60;

function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value).slice(0, SHOWN);
  return isList(value)
    ? 'a list'
    : `an object with ${Object.keys(value).join(', ').slice(0, SHOWN) || 'nothing'}`;
}
