/** How documents become files: what stands before, between and after them. */
import { TaggerError } from '../../core/errors.js';
import type { Content, FileLayout, WrittenDocument } from '../sink.js';
import { bytesOf } from './system.js';

/** What stands before a document that has so many before it in its file. */
export const before = ({ head, between }: FileLayout, documents: number): string =>
  documents === 0 ? head : between;

/** What ends a file of so many documents. */
export const after = ({ head, tail }: FileLayout, documents: number): string =>
  documents === 0 ? head + tail : tail;

/** The part of a file that is a document. */
export function partOf({ content }: WrittenDocument): Content {
  if (!(content instanceof Map)) return content as Content;
  throw new TaggerError('E_INTERNAL', { message: 'a document of several files cannot be part of one' });
}

/** The files of a document that has its own, by their endings. */
export function filesOf(
  document: WrittenDocument,
  layout: FileLayout | undefined,
): ReadonlyMap<string, Uint8Array> {
  if (document.content instanceof Map) {
    return new Map([...document.content].map(([ending, content]) => [ending, bytesOf(content)]));
  }
  if (!layout) throw new TaggerError('E_INTERNAL', { message: 'a document without its files' });
  const parts = [before(layout, 0), partOf(document), layout.tail];
  return new Map([[layout.ending, Buffer.concat(parts.map(bytesOf))]]);
}
