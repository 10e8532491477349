/** Pretrained word vectors: any kind of source in, one kind of table out. */
import { type Place, TaggerError } from '../../core/errors.js';
import { cacheFileOf, readCache, writeCache } from './cache.js';
import { refuseForeign } from './foreign.js';
import { locateVectors } from './locate.js';
import { type Progress, readChunks, readHead } from './records.js';
import type { VectorSource } from './source.js';
import type { VectorTable } from './table.js';
import { text } from './text.js';
import { wink } from './wink.js';
import { createWordVectors, type WordVectors } from './word-vectors.js';
import { word2vecBinary } from './word2vec-binary.js';

export type { Progress } from './records.js';
export type { WordVectors } from './word-vectors.js';

/** A file is of the first kind that detects it; text detects all. */
const sources: Readonly<Record<string, VectorSource>> = { wink, 'word2vec-binary': word2vecBinary, text };

export interface VectorsOptions {
  /** The folder that a relative path starts from, before the working folder is tried. */
  readonly base?: string;
  /** Refuse vectors of another width. */
  readonly expectedDim?: number;
  /** Where the config names the vectors, for messages. */
  readonly place?: Place;
  /** Called while a source is converted, with bytes of its file; not when the cache has it. */
  readonly onProgress?: Progress;
}

/**
 * Opens the word vectors that `reference` names: `glove-100d`, or the path of a file (GloVe, word2vec or fastText text,
 * word2vec binary, wink JSON; plain or gzip). The first time converts the file into the cache folder (`TAGGER_CACHE`,
 * else `XDG_CACHE_HOME/tagger`, else `~/.cache/tagger`). Throws E_VECTORS.
 *
 * @example
 * const vectors = await openVectors('glove-100d');
 * const the = new Float32Array(vectors.dim);
 * vectors.read(vectors.row('the'), the);
 */
export async function openVectors(reference: string, options: VectorsOptions = {}): Promise<WordVectors> {
  const { base, expectedDim, place, onProgress } = options;
  const file = await locateVectors(reference, base, place);
  const warnings: string[] = [];
  const cacheFile = await cacheFileOf(file);
  let table = await readCache(cacheFile);
  if (!table) {
    table = await convert(file, onProgress);
    await writeCache(cacheFile, table).catch((error: Error) => {
      warnings.push(
        `${file} will be converted again next time, as the cache cannot be written: ${error.message}`,
      );
    });
  }
  if (expectedDim !== undefined && table.dim !== expectedDim) {
    throw new TaggerError('E_VECTORS', {
      message: `the word vectors "${reference}" have another width`,
      place,
      expected: `${expectedDim} dimensions`,
      found: `${table.dim}`,
    });
  }
  if (table.duplicates > 0) {
    warnings.push(
      `${file} has ${table.duplicates} rows for words that had one already; the first of each counts`,
    );
  }
  return createWordVectors(reference, table, warnings);
}

async function convert(file: string, onProgress?: Progress): Promise<VectorTable> {
  const head = await readHead(file);
  refuseForeign(head, file);
  const source = Object.values(sources).find(({ detects }) => detects(head))!;
  const table = await source.read(readChunks(file, onProgress), file, head);
  if (table.words.length > 0) return table;
  throw new TaggerError('E_VECTORS', { message: 'there are no word vectors in this file', place: { file } });
}
