/** JSON Lines: an object a line, with a text, an id, tokens if it is cut into them already, and whatever else. */
import type { TaggerError } from '../../core/errors.js';
import type { Document } from '../../text/document.js';
import type { Position } from '../source.js';
import { documentError, show, textOf, type Undecoded, withId } from './decoding.js';
import { type Fields, givenId, identify, textField } from './fields.js';
import { contentsOf, deepest, quoteLongNumbers } from './json-numbers.js';
import type { SourceKind } from './kind.js';
import { cutOneALine } from './one-a-line.js';
import type { ReadOptions } from './options.js';
import { withTokenColumns } from './token-columns.js';
import { tokenized } from './tokens.js';

export const jsonl: SourceKind = {
  endings: ['.jsonl', '.ndjson'],
  cutter: (_, { record: limit }) => cutOneALine({ skipBlank: true, limit }),
  decoder: (options) => (record) => {
    const { position } = record;
    const fields = objectIn(record);
    const identity = identify(position, fields, options);
    const content = withId(givenId(identity), () => contentOf(position, fields, options));
    return { ...identity, ...content };
  },
};

function contentOf(
  position: Position,
  record: Fields,
  options: ReadOptions,
): Pick<Document, 'text' | 'sentences'> {
  const tokens = Object.hasOwn(record, 'tokens') ? record.tokens : undefined;
  if (tokens === undefined || tokens === null) {
    return { text: textField(position, record, options), sentences: [] };
  }
  const text = Object.hasOwn(record, options.textField) ? textField(position, record, options) : undefined;
  const content = tokenized(position, tokens, text, options.offsets);
  const sentences = withTokenColumns(position, content.sentences, record, options.tokenFields);
  return { ...content, sentences };
}

function objectIn(record: Undecoded): Fields {
  const { position } = record;
  const json = textOf(record);
  const value = parse(json, position);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw noObject(position, json, 'the line is no JSON object');
  }
  const { isTooDeep, isInexact } = contentsOf(value);
  if (isTooDeep) {
    const expected = `at most ${deepest} levels`;
    throw documentError(position, { message: 'the JSON is nested too deep', expected, found: 'more' });
  }
  return isInexact ? JSON.parse(quoteLongNumbers(json)) : (value as Fields);
}

function parse(json: string, position: Position): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const index = / at position (\d+)/.exec(error.message)?.[1];
    throw noObject(
      position,
      json,
      'the line is no JSON',
      index === undefined ? undefined : Number(index) + 1,
    );
  }
}

function noObject(position: Position, json: string, message: string, column?: number): TaggerError {
  return documentError(position, {
    message,
    column,
    expected: 'an object with a text, such as {"text": "…"}',
    found: show(json),
    hint: json.startsWith('[')
      ? 'jq -c ".[]" makes lines of an array'
      : '--from lines, for lines of plain text',
  });
}
