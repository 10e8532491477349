/** Files of documents in the making: in a folder of their own until they are on the disk and a checkpoint tells of them. */
import { lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { TaggerError } from '../../core/errors.js';
import { safePath } from './safe-path.js';
import { absentOn, cannotWrite, writing } from './system.js';

/** How many files are synced at once: the file system writes its journal once for many. */
const syncedAtOnce = 64;

export interface Chunk {
  /** Where its files are made. */
  readonly part: string;
  /** Where they go. */
  readonly folder: string;
  /** What has not changed in the folder since (ms) is none of this run's, and may be replaced. */
  readonly began: number;
}

/** Makes the files of a document. Throws E_DOCUMENT, and makes none, where one of them is there already. */
export async function add(chunk: Chunk, id: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const { part, folder, began } = chunk;
  const path = safePath(id);
  for (const ending of files.keys()) {
    const places = [isThere(part, path + ending, 0), isThere(folder, path + ending, began)];
    if ((await Promise.all(places)).includes(true)) throw taken(id, path + ending);
  }
  for (const [ending, content] of files) {
    const file = join(part, path + ending);
    // Most documents come to folders that are there.
    const isWritten = await writing(
      file,
      writeFile(file, content).then(() => true, absentOn('ENOENT')),
    );
    if (isWritten) continue;
    await mkdir(dirname(file), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      // Not every system has told before that a file stands where a folder should.
      throw error.code === 'EEXIST' ? taken(id, path + ending) : cannotWrite(file, error);
    });
    await writing(file, writeFile(file, content));
  }
}

/** Whether a path holds what must stay, or leads through a file. */
async function isThere(folder: string, path: string, since: number): Promise<boolean> {
  const file = join(folder, path);
  const reading = lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return true;
    return absentOn('ENOENT')(error);
  });
  const found = await writing(file, reading);
  return typeof found === 'object' ? found.isDirectory() || found.ctimeMs >= since : found === true;
}

function taken(id: string, path: string): TaggerError {
  return new TaggerError('E_DOCUMENT', {
    message: 'another document has the file of this one',
    place: { record: id },
    expected: 'an id that no other document has',
    found: path,
    hint: 'ids from another field; or one file for all documents',
  });
}

/** Brings the files to the disk. */
export async function sync({ part }: Chunk): Promise<void> {
  const paths = await pathsIn(part);
  for (let i = 0; i < paths.length; i += syncedAtOnce) {
    await Promise.all(paths.slice(i, i + syncedAtOnce).map((path) => syncFile(join(part, path))));
  }
}

/** Gives the files, those that have not got them yet, their names. */
export async function publish({ part, folder }: Pick<Chunk, 'part' | 'folder'>): Promise<void> {
  const made = new Set<string>();
  for (const path of await pathsIn(part)) {
    const target = join(folder, path);
    if (!made.has(dirname(target))) await writing(target, mkdir(dirname(target), { recursive: true }));
    made.add(dirname(target));
    await writing(target, rename(join(part, path), target));
  }
  await writing(part, rm(part, { recursive: true, force: true }));
}

async function syncFile(path: string): Promise<void> {
  const file = await writing(path, open(path, 'r+'));
  try {
    await writing(path, file.sync());
  } finally {
    await file.close();
  }
}

/** All files below a folder, none where there is no such folder. */
async function pathsIn(folder: string): Promise<string[]> {
  const options = { recursive: true, withFileTypes: true } as const;
  const found = await writing(folder, readdir(folder, options).catch(absentOn('ENOENT')));
  const files = (found ?? []).filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
