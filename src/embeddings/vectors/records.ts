/**
 * From the chunks of a file to its records, whatever the format. A record may lie across chunks; its reader always
 * gets it whole.
 */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TaggerError } from '../../core/errors.js';

export interface RecordReader {
  /** Where the record that starts at `from` ends; -1 when there is not all of it before the end of `bytes`. */
  end(bytes: Buffer, from: number): number;
  /** Takes one whole record; copies what is to stay of it. */
  take(bytes: Buffer, from: number, to: number): void;
}

export type Progress = (bytesDone: number, bytesTotal: number) => void;

const chunkBytes = 2 ** 20;
/** More than the first row has. */
const headBytes = 2 ** 18;
/** Longer than any row; a file without line ends is not read into memory to find out that it has none. */
const longestRecord = 2 ** 20;

/** Hands every record to the reader; returns the bytes after the last whole one. */
export async function readRecords(
  chunks: AsyncIterable<Buffer>,
  file: string,
  reader: RecordReader,
): Promise<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let to = reader.end(bytes, from); to >= 0; to = reader.end(bytes, from)) {
      reader.take(bytes, from, to);
      from = to;
    }
    rest = bytes.subarray(from);
    if (rest.length > longestRecord) {
      throw new TaggerError('E_VECTORS', {
        message: 'this is no file of word vectors',
        place: { file },
        expected: 'one word and its vector at a time',
        found: `a row of more than ${longestRecord} bytes`,
      });
    }
  }
  return rest;
}

/** The bytes of a file, unpacked if it is gzip (by content, not by name). */
export async function* readChunks(file: string, onProgress?: Progress): AsyncGenerator<Buffer> {
  try {
    const { size } = await stat(file);
    const zipped = await isGzip(file);
    const raw = createReadStream(file, { highWaterMark: chunkBytes });
    // The callback has nothing to do: an error of either stream reaches the loop below through the last.
    const stream = zipped ? pipeline(raw, createGunzip({ chunkSize: chunkBytes }), () => {}) : raw;
    for await (const chunk of stream) {
      yield chunk;
      onProgress?.(raw.bytesRead, size);
    }
  } catch (error) {
    throw asVectorsError(error, file);
  }
}

/** The first bytes of a file, unpacked; enough to tell its kind and width. */
export async function readHead(file: string): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of readChunks(file)) {
    head = Buffer.concat([head, chunk]);
    if (head.length >= headBytes) break;
  }
  return head;
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

function asVectorsError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof TaggerError) return error;
  const place = { file };
  const problem = String(error.code).startsWith('Z_')
    ? { message: 'the gzip file is cut or damaged', place, found: error.message, hint: 'get the file again' }
    : { message: 'the file cannot be read', place, found: error.message };
  return new TaggerError('E_VECTORS', problem, { cause: error });
}
