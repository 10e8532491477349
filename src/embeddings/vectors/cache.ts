/** The cache of converted vectors, because reading their source takes seconds and reading the conversion does not. */
import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { decodeTable, encodeTable, formatVersion } from './cache-format.js';
import type { VectorTable } from './table.js';

/** The cache file of a source. A source that was changed has another one. */
export async function cacheFileOf(source: string): Promise<string> {
  const path = await realpath(source);
  const { size, mtimeNs } = await stat(path, { bigint: true });
  const identity = [path, size, mtimeNs, formatVersion].join('\n');
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  return join(cacheFolder(), `${basename(path).slice(0, 60)}-${hash}.vectors`);
}

function cacheFolder(): string {
  const { TAGGER_CACHE, XDG_CACHE_HOME } = process.env;
  return TAGGER_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'tagger');
}

/** What the cache file holds; undefined when there is none, or none that can be used, whatever the reason. */
export async function readCache(file: string): Promise<VectorTable | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const bytes = Buffer.allocUnsafeSlow((await handle.stat()).size);
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await handle.read(bytes, done, Math.min(bytes.length - done, largestRead), done);
      if (bytesRead === 0) return undefined;
      done += bytesRead;
    }
    return decodeTable(bytes);
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** One read of the system takes less than 2 GiB. */
const largestRead = 2 ** 30;

/** Writes the cache file in one step for everybody else: two processes that convert at once do not meet. */
export async function writeCache(file: string, table: VectorTable): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      for (const part of encodeTable(table)) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
