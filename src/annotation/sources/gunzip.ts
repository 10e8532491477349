/**
 * gzip as a stream of bytes, of which nothing is lost that stands before a cut or a damaged place. Node's own stream
 * drops what it holds when it fails. (Of what deflate makes of damaged bytes, some may come out before it notices.)
 */
import { createGunzip } from 'node:zlib';

/** The compressed bytes are fed in pieces of this size. */
const step = 2 ** 12;

/**
 * `open` gives the compressed bytes from the beginning. Where that can be done once only, the last few kilobytes before
 * a damaged place are lost. Throws the errors of zlib, whose codes begin with `Z_`.
 */
export async function* gunzip(
  open: () => AsyncIterable<Uint8Array>,
  { canReopen }: { readonly canReopen: boolean },
): AsyncGenerator<Uint8Array> {
  let given = 0;
  let damagedAt = 0;
  try {
    const feed = pieces(open(), (at) => {
      damagedAt = at;
      return step;
    });
    for await (const bytes of inflate(feed)) {
      given += bytes.length;
      yield bytes;
    }
    return;
  } catch (error) {
    if (!(canReopen && isDamage(error))) throw error;
  }
  // Once more, byte by byte where it failed: now the last good byte comes out before the failure.
  let skipped = 0;
  for await (const bytes of inflate(pieces(open(), (at) => (at < damagedAt ? step : 1)))) {
    const old = Math.min(bytes.length, given - skipped);
    skipped += old;
    if (old < bytes.length) yield bytes.subarray(old);
  }
}

/** A cut at the end is none: zlib notices it when all has come out. */
const isDamage = (error: unknown) => (error as NodeJS.ErrnoException).code === 'Z_DATA_ERROR';

/** `sizeAt`: how long the piece at a position is at most. */
async function* pieces(chunks: AsyncIterable<Uint8Array>, sizeAt: (position: number) => number) {
  let position = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const piece = chunk.subarray(from, from + sizeAt(position));
      yield piece;
      from += piece.length;
      position += piece.length;
    }
  }
}

async function* inflate(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = createGunzip();
  const ready: Uint8Array[] = [];
  let isOver: (ended: true) => void = () => {};
  let fails: (error: Error) => void = () => {};
  stream.on('data', (bytes: Uint8Array) => ready.push(bytes));
  stream.on('end', () => isOver(true)).on('error', (error) => fails(error));

  /** Whether the stream is at its end after the action. */
  const ended = (action: (done: (error?: Error | null) => void) => void) =>
    new Promise<boolean>((resolve, reject) => {
      [isOver, fails] = [resolve, reject];
      action((error) => (error ? reject(error) : resolve(false)));
    });

  try {
    for await (const piece of pieces) {
      const isEnd = await ended((done) => stream.write(piece, done));
      yield* ready.splice(0);
      // Zeros may fill up the last block of a tape; zlib reads no further.
      if (isEnd) return;
    }
    await ended(() => stream.end());
    yield* ready.splice(0);
  } finally {
    stream.destroy();
  }
}
