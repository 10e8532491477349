/** The bytes of an input: a file, plain or compressed by gzip, or a stream that can be read once only. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { gunzip } from './gunzip.js';
import type { LostPiece } from './kind.js';

/** The name of standard input. */
export const stdinName = '-';

export const gzipEnding = '.gz';

export interface Bytes {
  /** Only where reading can begin anywhere: the size of the file. */
  readonly size?: number;
  /** The bytes from an offset, which is 0 unless the size is known. Throws what the file system or zlib throws. */
  read(offset: number): AsyncIterable<Uint8Array>;
}

/** Throws what the file system throws. `stdin` is what `-` stands for, if not the stdin of the process. */
export async function openBytes(name: string, stdin?: AsyncIterable<Uint8Array>): Promise<Bytes> {
  if (name === stdinName) return { read: () => perhapsCompressed(stdin ?? process.stdin) };
  const found = await stat(name);
  if (!found.isFile()) return { read: () => perhapsCompressed(createReadStream(name)) };
  if (name.toLowerCase().endsWith(gzipEnding)) {
    return { read: () => gunzip(() => createReadStream(name), { canReopen: true }) };
  }
  return { size: found.size, read: (start) => createReadStream(name, { start }) };
}

const gzipMark = [0x1f, 0x8b];

/** A stream has no ending to go by, but gzip begins with two bytes that no UTF-8 has. */
async function* perhapsCompressed(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  const beginning: Uint8Array[] = [];
  let size = 0;
  while (size < gzipMark.length) {
    const { value, done } = await chunks.next();
    if (done) break;
    beginning.push(value);
    size += value.length;
  }
  const first = Buffer.concat(beginning);
  const all = async function* () {
    yield first;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  const isCompressed = gzipMark.every((byte, i) => first[i] === byte);
  yield* isCompressed ? gunzip(all, { canReopen: false }) : all();
}

/** What is to be said where the file system or zlib threw this. Any other error is thrown again. */
export function failureOf(error: unknown): LostPiece {
  const { code, errno, message } = error as NodeJS.ErrnoException;
  if (code === undefined || errno === undefined) throw error;
  const unreadable = { message: 'cannot read the file', found: message };
  if (!code.startsWith('Z_')) return { code: 'E_FILE_MISSING', problem: unreadable };
  return {
    code: 'E_DOCUMENT',
    problem: {
      message: code === 'Z_BUF_ERROR' ? 'the gzip stream is cut off' : 'the gzip stream is damaged',
      expected: 'a whole gzip file; the records before this place were read',
      found: message,
      hint: 'get the file again; gzip -t tells whether it is whole',
    },
  };
}

/** The chunks, and after them what went wrong, if something did. */
export async function* untilFailure(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array | LostPiece> {
  try {
    yield* chunks;
  } catch (error) {
    yield failureOf(error);
  }
}
