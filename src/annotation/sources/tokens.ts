/**
 * The field `tokens` of a record that is cut into tokens already: a list of them is one sentence, a list of such lists
 * are several. A token is its text, or its offsets into the text of the record.
 */
import type { Problem, TaggerError } from '../../core/errors.js';
import type { Document, Token } from '../../text/document.js';
import { isInSurrogatePair, type OffsetUnit, offsetsOf } from '../../text/offsets.js';
import type { Position } from '../source.js';
import { documentError, show } from './decoding.js';

type Content = Pick<Document, 'text' | 'sentences'>;

interface GivenToken {
  readonly value: unknown;
  /** Its place in the record: `tokens[2][0]`. */
  readonly key: string;
}

/** Makes the error of a token. */
type Fail = (token: GivenToken, problem: Omit<Problem, 'place'>) => TaggerError;

/** Takes the tokens in order. Throws for one that does not fit the text. */
type Reader = (token: GivenToken) => Token;

/** `text`: that of the record, where it has one. Throws E_DOCUMENT with the token that does not fit. */
export function tokenized(
  position: Position,
  tokens: unknown,
  text: string | undefined,
  unit: OffsetUnit,
): Content {
  const fail: Fail = ({ key }, problem) => documentError(position, { ...problem, key });
  const given = givenSentences(tokens, fail);
  const first = given.flat()[0];
  // A sentence without tokens, and not none: the text is not to be cut into others.
  if (!first) return { text: text ?? '', sentences: [{ tokens: [] }] };
  if (typeof first.value === 'string') {
    const whole = text ?? joined(given, fail);
    return read(whole, given, finder(whole, fail));
  }
  if (text === undefined) {
    const expected = 'a field with the text that the offsets count in';
    throw fail(first, { message: 'tokens with offsets, but no text', expected, found: show(first.value) });
  }
  return read(text, given, checker(text, unit, fail));
}

function read(text: string, given: readonly (readonly GivenToken[])[], reader: Reader): Content {
  const sentences = given.filter((tokens) => tokens.length > 0);
  return { text, sentences: sentences.map((tokens) => ({ tokens: tokens.map(reader) })) };
}

function givenSentences(value: unknown, fail: Fail): GivenToken[][] {
  const whole = { value, key: 'tokens' };
  const items = listOf(whole, fail);
  if (!Array.isArray(items[0]?.value)) return [items];
  return items.map((item) => listOf(item, fail));
}

function listOf(list: GivenToken, fail: Fail): GivenToken[] {
  const { value: items, key } = list;
  if (Array.isArray(items)) return items.map((value, i) => ({ value, key: `${key}[${i}]` }));
  throw fail(list, { message: 'this is no list of tokens', expected: 'a list', found: show(items) });
}

function joined(given: readonly (readonly GivenToken[])[], fail: Fail): string {
  return given
    .flat()
    .map((token) => spelling(token, fail))
    .join(' ');
}

function spelling(token: GivenToken, fail: Fail): string {
  if (typeof token.value === 'string' && token.value !== '') return token.value;
  throw fail(token, {
    message: 'this is no token',
    expected: 'a string that is not empty, as the first token is one',
    found: show(token.value),
  });
}

/** Finds tokens in the text by their spelling, each after the one before. */
function finder(text: string, fail: Fail): Reader {
  let end = 0;
  return (token) => {
    const word = spelling(token, fail);
    const start = text.indexOf(word, end);
    if (start < 0) {
      throw fail(token, {
        message: 'the token is not in the text',
        expected: `${show(word)} after character ${end} of the text`,
        found: show(text.slice(end)),
      });
    }
    end = start + word.length;
    return { text: word, start, end };
  };
}

/** Takes tokens by their offsets, in order, and checks what they say about their text. */
function checker(text: string, unit: OffsetUnit, fail: Fail): Reader {
  const { length, toUtf16 } = offsetsOf(text, unit);
  let before = 0;
  return (token) => {
    const { start, end, text: said } = boundsOf(token.value);
    const bounds = { start: toUtf16(start), end: toUtf16(end) };
    const cutsCharacter = isInSurrogatePair(text, bounds.start) || isInSurrogatePair(text, bounds.end);
    if (!(start >= before && end > start && end <= length) || cutsCharacter) {
      throw fail(token, {
        message: 'the offsets of the token do not fit',
        expected: `${before} ≤ start < end ≤ ${length}, between characters and after the token before (${unit})`,
        found: show(token.value),
      });
    }
    before = end;
    const word = text.slice(bounds.start, bounds.end);
    if (said !== undefined && said !== word) {
      throw fail(token, {
        message: 'the token is not what stands at its offsets',
        expected: `${show(word)}, from ${start} to ${end} (${unit})`,
        found: show(said),
        hint: unit === 'utf16' ? '--offsets codepoint, if they come from Python' : '--offsets utf16',
      });
    }
    return { text: word, ...bounds };
  };
}

/** NaN where there is no whole number. */
function boundsOf(value: unknown): { start: number; end: number; text?: unknown } {
  const { start, end, text } = (value ?? {}) as Record<string, unknown>;
  const whole = (offset: unknown) => (Number.isInteger(offset) ? (offset as number) : Number.NaN);
  return { start: whole(start), end: whole(end), text };
}
