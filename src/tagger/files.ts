/** A model directory: written to a temporary place and renamed, so that it is complete or absent; read with every file checked. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TaggerError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import { abandonedIn } from './abandoned.js';
import { CONFIG_FILE, cannotWrite, checkTarget } from './target.js';

export { CONFIG_FILE } from './target.js';

export interface FileStamp {
  readonly sha256: string;
  readonly bytes: number;
}

export type FileContent = string | readonly Uint8Array[];

export function stampOf(content: FileContent): FileStamp {
  const hash = createHash('sha256');
  const parts = typeof content === 'string' ? [Buffer.from(content)] : content;
  for (const part of parts) hash.update(part);
  return { sha256: hash.digest('hex'), bytes: parts.reduce((sum, part) => sum + part.length, 0) };
}

/** Writes all files and puts the directory in its place, instead of an older model there. Throws as `checkTarget`. */
export async function writeDirectory(
  directory: string,
  files: ReadonlyMap<string, FileContent>,
): Promise<void> {
  await checkTarget(directory);
  const target = resolve(directory);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    await mkdir(temporary, { recursive: true });
    for (const [name, content] of files) await writeSynced(join(temporary, name), content);
    await replace(target, temporary);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw cannotWrite(directory, (error as Error).message, error);
  }
  // The model is saved, whether or not what others left can be removed; the next run tries again.
  await removeAbandoned(target).catch(() => {});
}

/** Removes what killed runs have left of models for the same place. A model moved away is nobody's to remove but its run's. */
async function removeAbandoned(target: string): Promise<void> {
  const [folder, prefix] = [dirname(target), `.${basename(target)}.`];
  const isTemporary = (name: string) =>
    name.startsWith(prefix) && /^[\da-f-]{36}$/.test(name.slice(prefix.length));
  for (const name of await abandonedIn(folder, isTemporary)) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Writes a file that is on the disk when this is done. */
export async function writeSynced(path: string, content: FileContent): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const part of typeof content === 'string' ? [Buffer.from(content)] : content)
      await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a new name outlive a power cut. Windows and some network file systems cannot, and say so. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync().catch((error: NodeJS.ErrnoException) => {
      if (!['EPERM', 'EINVAL', 'ENOTSUP'].includes(error.code ?? '')) throw error;
    });
  } finally {
    await handle.close();
  }
}

/** Runs that save in one place at once take turns; the last one wins. Nobody needs more turns than there are runs. */
const turns = 100;

async function replace(target: string, temporary: string): Promise<void> {
  const old = `${temporary}.old`;
  for (let turn = 1; ; turn++) {
    const hadOld = await moveAway(target, old);
    const error = await rename(temporary, target).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error,
    );
    // Another run may have put its model there since the old one was moved away.
    const isTaken = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error?.code ?? '');
    if (error && (!isTaken || turn === turns)) {
      if (hadOld) await rename(old, target);
      throw error;
    }
    if (hadOld) await rm(old, { recursive: true });
    if (!error) return;
  }
}

async function moveAway(target: string, old: string): Promise<boolean> {
  try {
    await rename(target, old);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Reads a file of a model. Throws E_MODEL where it is missing, or is not the one that the stamp describes. */
export async function readModelFile(directory: string, name: string, stamp?: FileStamp): Promise<Buffer> {
  const path = join(directory, name);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new TaggerError(
      'E_MODEL',
      {
        message:
          error.code === 'ENOENT' ? 'this file of the model is missing' : `cannot read: ${error.message}`,
        place: { file: path },
        expected: `a model directory with ${CONFIG_FILE} and the files it names`,
        hint:
          name === CONFIG_FILE
            ? 'tagger train PIPELINE makes models/NAME'
            : 'copy the model again, all of it',
      },
      { cause: error },
    );
  });
  if (!stamp) return bytes;
  const found = stampOf([bytes]);
  if (found.bytes !== stamp.bytes || found.sha256 !== stamp.sha256) {
    throw new TaggerError('E_MODEL', {
      message:
        found.bytes < stamp.bytes ? 'this file of the model is cut' : 'this file of the model was altered',
      place: { file: path },
      expected: `${stamp.bytes} bytes, sha256 ${stamp.sha256}`,
      found: `${found.bytes} bytes, sha256 ${found.sha256}`,
      hint: 'copy the model again, all of it',
    });
  }
  return bytes;
}

/** The JSON of a model file; throws E_MODEL when it is none. */
export function modelJson(bytes: Buffer, path: string): unknown {
  const parsed = parseJson(bytes.toString('utf8'));
  if (!parsed)
    throw new TaggerError('E_MODEL', {
      message: 'this file of the model is not JSON',
      place: { file: path },
    });
  return parsed.value;
}
