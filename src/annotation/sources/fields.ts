/** Records of named fields: which of them are the id and the text, and which are passed through. */
import type { Document } from '../../text/document.js';
import { numbered, type Position } from '../source.js';
import { documentError, show } from './decoding.js';
import type { ReadOptions } from './options.js';

/** Fields that the output writes itself: what a record holds under these names cannot be passed through. */
export const writtenFields: readonly string[] = ['id', 'text', 'tokens', 'entities', 'nbest', 'windows'];

export type Fields = Readonly<Record<string, unknown>>;

/**
 * Id and fields of a document. An id that is no string is kept as its text and, as it is, in `fields.id`, for the
 * output to write. Throws E_DOCUMENT where it cannot be an id.
 */
export function identify(
  position: Position,
  record: Fields,
  { idField, textField }: ReadOptions,
): Pick<Document, 'id' | 'fields'> {
  const own = Object.hasOwn(record, idField) ? record[idField] : undefined;
  if (typeof own === 'object' && own !== null) {
    throw documentError(position, {
      message: 'this is no id',
      key: idField,
      expected: 'a string or a number',
      found: show(own),
      hint: '--id-field with the name of another field',
    });
  }
  const hasId = own !== undefined && own !== null;
  const taken = [idField, textField, ...writtenFields];
  const others = Object.entries(record).filter(([name]) => !taken.includes(name));
  if (hasId && typeof own !== 'string') others.push(['id', own]);
  return {
    id: hasId ? String(own) : numbered(position),
    ...(others.length > 0 && { fields: Object.fromEntries(others) }),
  };
}

/** The id as the record has it, a number for one. */
export const givenId = ({ id, fields }: Pick<Document, 'id' | 'fields'>): unknown => fields?.id ?? id;

/** Throws E_DOCUMENT where the text is missing or no string. */
export function textField(position: Position, record: Fields, options: ReadOptions): string {
  const { textField: name } = options;
  const text = Object.hasOwn(record, name) ? record[name] : undefined;
  if (typeof text === 'string') return text;
  const names = Object.keys(record);
  const candidates = names.filter((key) => typeof record[key] === 'string' && key !== options.idField);
  throw documentError(position, {
    message: text === undefined ? 'the record has no text' : 'the text is no string',
    key: name,
    expected: `a string in the field "${name}"`,
    found:
      text === undefined
        ? `the fields ${names.map((key) => JSON.stringify(key)).join(', ') || '(none)'}`
        : show(text),
    hint: candidates.length > 0 ? `--text-field ${candidates.map(quoted).join(', or ')}` : undefined,
  });
}

/** As a shell takes it for one word. */
const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `'${name}'`);
