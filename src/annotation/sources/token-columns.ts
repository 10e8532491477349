/** Fields of a record that hold a value for each of its tokens, such as `"pos": ["DET", "NOUN"]`: columns of its sentences. */
import type { Sentence } from '../../text/document.js';
import type { Position } from '../source.js';
import { documentError, show } from './decoding.js';
import type { Fields } from './fields.js';

/**
 * The sentences with those of the columns that the record has, in lists as its `tokens` are. Throws E_DOCUMENT for a field that
 * does not go with the tokens.
 */
export function withTokenColumns(
  position: Position,
  sentences: readonly Sentence[],
  record: Fields,
  names: readonly string[],
): readonly Sentence[] {
  const found = names.filter((name) => Object.hasOwn(record, name) && record[name] !== null);
  if (found.length === 0) return sentences;
  const lists = found.map((name) => listsOf(position, sentences, name, record[name]));
  return sentences.map((sentence, s) => ({
    ...sentence,
    columns: { ...sentence.columns, ...Object.fromEntries(found.map((name, i) => [name, lists[i][s]])) },
  }));
}

function listsOf(
  position: Position,
  sentences: readonly Sentence[],
  key: string,
  value: unknown,
): readonly (readonly string[])[] {
  const isNested = Array.isArray(value) && value.length > 0 && value.every(Array.isArray);
  // A sentence without tokens is none, as where tokens are read; one that is all there is has no values.
  const lists: unknown[] = isNested ? value.filter((list) => list.length > 0) : [value];
  if (isNested && lists.length === 0) lists.push([]);
  const lengths = sentences.map(({ tokens }) => tokens.length);
  const fits =
    lists.length === lengths.length &&
    lists.every((list, s) => Array.isArray(list) && list.length === lengths[s] && list.every(isString));
  if (fits) return lists as string[][];
  const expected = `${isNested ? 'lists' : 'a list'} of ${lengths.join(', ')} strings, as "tokens" has them`;
  const message = 'the field does not go with the tokens';
  throw documentError(position, { message, key, expected, found: show(value) });
}

const isString = (value: unknown): value is string => typeof value === 'string';
