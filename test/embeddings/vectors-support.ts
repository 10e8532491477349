/** Small files of word vectors in each format, in a temporary folder with a cache of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { TaggerError } from '../../src/core/errors.js';
import { openVectors, type WordVectors } from '../../src/embeddings/vectors/index.js';

export type Rows = readonly (readonly [word: string, vector: readonly number[]])[];

/** Numbers that half precision holds exactly. */
export const rows: Rows = [
  ['the', [0.5, -1, 2]],
  ['"', [1.25, 0, -0.125]],
  ['naïve', [-3, 0.0625, 100]],
  ['東京', [4, 5, 6]],
  ['😀', [-0.25, 0.75, 1]],
];

const line = ([word, vector]: Rows[number]) => `${word} ${vector.join(' ')}\n`;

export const glove = (of: Rows) => Buffer.from(of.map(line).join(''));

export const word2vecText = (of: Rows) =>
  Buffer.from(`${of.length} ${of[0][1].length}\n${of.map(line).join('')}`);

export function word2vecBinary(of: Rows, afterRow = '\n'): Buffer {
  const parts = [Buffer.from(`${of.length} ${of[0][1].length}\n`)];
  for (const [word, vector] of of) {
    const floats = Buffer.alloc(4 * vector.length);
    for (const [i, value] of vector.entries()) floats.writeFloatLE(value, 4 * i);
    parts.push(Buffer.from(`${word} `), floats, Buffer.from(afterRow));
  }
  return Buffer.concat(parts);
}

/** As wink's package: the vector, its norm and its index. */
export function wink(of: Rows): Buffer {
  const vectors = Object.fromEntries(
    of.map(([word, vector], row) => [word, [...vector, Math.hypot(...vector), row]]),
  );
  const dimensions = of[0][1].length;
  const head = {
    precision: 8,
    l2NormIndex: dimensions,
    wordIndex: dimensions + 1,
    size: of.length,
    dimensions,
  };
  const unkVector = [0, 0, 0, 0, -1];
  return Buffer.from(JSON.stringify({ ...head, words: of.map(([word]) => word), vectors, unkVector }));
}

export const formats = { glove, word2vecText, word2vecBinary, wink };

/** What the vectors hold, in the order of their rows. */
export function contentOf(vectors: WordVectors): Rows {
  return Array.from({ length: vectors.size }, (_, row) => {
    const numbers = new Float32Array(vectors.dim);
    vectors.read(row, numbers);
    return [vectors.word(row), [...numbers]] as const;
  });
}

/** A folder for each test; environment and working folder are as before afterwards. */
export function useFolder(): { path: string; write(name: string, content: string | Uint8Array): string } {
  const folder = {
    path: '',
    write(name: string, content: string | Uint8Array): string {
      const file = join(folder.path, name);
      writeFileSync(file, content);
      return file;
    },
  };
  const before = { ...process.env };
  beforeEach(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'tagger-vectors-'));
    process.env.TAGGER_CACHE = join(folder.path, 'cache');
  });
  afterEach(() => {
    process.env = { ...before };
    rmSync(folder.path, { recursive: true });
  });
  return folder;
}

/** The E_VECTORS that opening throws. */
export async function refusalOf(...opening: Parameters<typeof openVectors>): Promise<TaggerError> {
  try {
    await openVectors(...opening);
  } catch (error) {
    if (error instanceof TaggerError && error.code === 'E_VECTORS') return error;
    throw error;
  }
  throw new Error('the vectors were opened');
}
