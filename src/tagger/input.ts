/** What a caller may hand over to be annotated, as documents. */
import { TaggerError } from '../core/errors.js';
import type { Document, Sentence, Token } from '../text/document.js';
import { align } from '../text/tokenizers/align.js';

/** A stretch of a text, in UTF-16 code units. */
export interface Offsets {
  readonly start: number;
  readonly end: number;
}

/** A text whose tokens are known by their offsets, in order: of one sentence, or a list for each. */
export interface TokenizedText {
  readonly text: string;
  readonly tokens: readonly Offsets[] | readonly (readonly Offsets[])[];
}

/**
 * A text; or the words of a sentence, or of several, which are tokens already (their text is the words with single spaces
 * in between, a sentence a line); or a text with the offsets of its tokens.
 */
export type AnnotateInput = string | readonly string[] | readonly (readonly string[])[] | TokenizedText;

/**
 * The caller's own tokenizer: the tokens of a text as strings or by their offsets, in order; a list of lists where it tells
 * sentences apart. Whatever lies between strings and is not white space becomes tokens of its own.
 */
export type Tokenize = (
  text: string,
) => readonly string[] | readonly (readonly string[])[] | TokenizedText['tokens'];

/** How texts become documents: by the tokenizer of the model unless the caller has one. */
export interface Cutters {
  readonly makeDocument: (text: string) => Document;
  readonly tokenize?: Tokenize;
}

/** Throws E_USAGE where offsets of tokens are no stretches of the text in order, or a word is none. */
export function documentOf(input: AnnotateInput, cutters: Cutters): Document {
  if (typeof input === 'string') return documentOfText(input, cutters);
  if ('text' in input) return byOffsets(input);
  return byWords(input);
}

function documentOfText(text: string, { makeDocument, tokenize }: Cutters): Document {
  if (!tokenize) return makeDocument(text);
  const found = tokenize(text);
  if (!isOf<string>(found, 'string')) return byOffsets({ text, tokens: found });
  return { id: '', text, sentences: alignedSentences(text, listsOf(found)) };
}

/** Sentence by sentence, each behind the one before. */
function alignedSentences(text: string, lists: readonly (readonly string[])[]): Sentence[] {
  const tokens = align(text, lists.flat());
  const sentences: Sentence[] = [];
  let next = 0;
  for (const words of lists) {
    const first = next;
    // Of a leftover, which is part of no word, it is not known where it belongs: it goes with what stands before it.
    let rest = words.filter((word) => word.trim() !== '').length;
    for (; next < tokens.length && rest > 0; next++) if (words.includes(tokens[next].text)) rest--;
    sentences.push({ tokens: tokens.slice(first, next) });
  }
  if (next < tokens.length) sentences.push({ tokens: tokens.slice(next) });
  return sentences;
}

function byWords(input: readonly string[] | readonly (readonly string[])[]): Document {
  let text = '';
  const sentences = listsOf(input).map((words, s) => {
    const tokens: Token[] = [];
    if (s > 0) text += '\n';
    for (const word of words) {
      if (typeof word !== 'string') throw wrong('a word is no string', 'strings', JSON.stringify(word));
      if (tokens.length > 0) text += ' ';
      tokens.push({ text: word, start: text.length, end: text.length + word.length });
      text += word;
    }
    return { tokens };
  });
  return { id: '', text, sentences };
}

function byOffsets({ text, tokens }: TokenizedText): Document {
  let last = 0;
  const sentences = listsOf(tokens).map((list) => ({
    tokens: list.map(({ start, end }): Token => {
      const isRange = Number.isInteger(start) && Number.isInteger(end);
      if (!isRange || start < last || end <= start || end > text.length) {
        const expected = `${last} ≤ start < end ≤ ${text.length}, the length of the text`;
        throw wrong('offsets of a token that do not fit the text', expected, `start ${start}, end ${end}`);
      }
      last = end;
      return { text: text.slice(start, end), start, end };
    }),
  }));
  return { id: '', text, sentences };
}

type Lists<T> = readonly T[] | readonly (readonly T[])[];

/** A list of lists; a plain list is one. */
function listsOf<T>(list: Lists<T>): readonly (readonly T[])[] {
  return Array.isArray(list[0]) ? (list as readonly (readonly T[])[]) : [list as readonly T[]];
}

function isOf<T>(list: Lists<unknown>, type: string): list is Lists<T> {
  const [first] = listsOf(list).flat();
  return first === undefined || typeof first === type;
}

function wrong(message: string, expected: string, found: string): TaggerError {
  return new TaggerError('E_USAGE', { message, expected, found });
}
