/**
 * The path of a document's file, made from its id: folders stay folders, and what a path must not hold is written as in
 * URLs. No two ids have the same path, and none leads out of the folder.
 */
import { createHash } from 'node:crypto';

/** In bytes. File systems take 255 a name, which has to hold the ending too. */
const longestName = 200;
const longestPath = 1000;
/** How much of a name stays where it is too long; what tells it from others is its hash. */
const keptOfName = 150;

/** A slash between two names. */
const separator = /(?<=[^/])\/(?=[^/])/;
/**
 * What is no part of a name, or of none on Windows; slashes that separate nothing; `%` and `~`, which are ours; halves of
 * characters, which have no UTF-8. A dot in front hides a file or leads upwards; at the end Windows drops it, and spaces.
 */
const unsafe = /[\p{Cc}\p{Cs}<>:"|?*\\/%~]|^\.|[. ]$/gu;
/** On Windows a device, whatever the ending. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(?=$|\.)/i;

/** With `/` between folders, and without an ending. */
export function safePath(id: string): string {
  const names = id.split(separator).map(safeName);
  const path = names.join('/');
  return Buffer.byteLength(path) > longestPath ? shortened(names.join('_'), id) : path;
}

function safeName(text: string): string {
  if (text === '') return '%';
  const name = text.replace(unsafe, escaped).replace(device, (name) => escaped(name[0]) + name.slice(1));
  return Buffer.byteLength(name) > longestName ? shortened(name, text) : name;
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) return `%${code.toString(16).padStart(2, '0').toUpperCase()}`;
  return /\p{Cs}/u.test(character) ? `%u${code.toString(16)}` : encodeURIComponent(character);
}

function shortened(name: string, of: string): string {
  const hash = createHash('sha256').update(Buffer.from(of, 'utf16le')).digest('hex').slice(0, 32);
  const bytes = Buffer.from(name).subarray(0, keptOfName);
  // A character that was cut in two becomes U+FFFD.
  return `${bytes.toString().replace(/\uFFFD+$/, '')}~${hash}`;
}
