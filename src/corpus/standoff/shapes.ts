/** What records of several formats have in common: parts of their schemas, their ids, and their other keys. */
import { z } from 'zod';
import type { ReadingContext, StandoffRecord } from './format.js';

/** Ids are texts here; tools that count write numbers. */
export const idSchema = z.union([z.string(), z.number()]).nullish();
export const labelSchema = z.string().min(1);
export const offset = z.int();

export function idOf(id: z.output<typeof idSchema>, { id: otherwise }: ReadingContext): string {
  return id === undefined || id === null || id === '' ? otherwise : String(id);
}

/** The id as tools write it whose ids are numbers. */
export function numberOrText(id: string): number | string {
  const number = Number(id);
  return Number.isSafeInteger(number) && String(number) === id ? number : id;
}

/** All keys of a record but these. */
export function othersOf(value: object, known: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !known.includes(key)));
}

/**
 * The record's own keys, then the fields that the document came with. One by the name of a key gives way, even where the
 * record has nothing there: JSON leaves out what is undefined.
 */
export function withFields(own: object, fields: StandoffRecord['fields'] = {}): Record<string, unknown> {
  const written = { ...own, ...othersOf(fields, Object.keys(own)) };
  // An id that was given as a number is not written as text.
  const isSameId = 'id' in own && 'id' in fields && own.id === String(fields.id);
  return isSameId ? { ...written, id: fields.id } : written;
}
