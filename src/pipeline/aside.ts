/** Files and links that appear whole, in place of older ones: made aside and renamed, so that a kill leaves old or new. */
import { randomUUID } from 'node:crypto';
import { lstat, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TaggerError } from '../core/errors.js';
import { writeSynced } from '../tagger/files.js';

/** Writes a file of text. Throws E_WRITE, with the older file as it was. */
export function replaceFile(path: string, text: string): Promise<void> {
  return replace(path, (temporary) => writeSynced(temporary, text));
}

/** Makes a link to a folder; `target` is relative to the folder that the link is in. Throws E_WRITE. */
export function replaceLink(path: string, target: string): Promise<void> {
  // Windows lets everybody make junctions, but not symbolic links; elsewhere the type does not matter.
  return replace(path, (temporary) => symlink(target, temporary, 'junction'));
}

async function replace(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await make(temporary);
    await rename(temporary, path);
  } catch (error) {
    // The first failure is the one to tell.
    await rm(temporary, { force: true }).catch(() => {});
    throw cannotWriteFile(path, error as Error);
  }
}

/** The text of a file; undefined where there is none. Throws E_FILE_MISSING when it cannot be read. */
export function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    const problem = { message: 'cannot read', place: { file: path }, found: cause.message };
    throw new TaggerError('E_FILE_MISSING', problem, { cause });
  });
}

export function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

export function cannotWriteFile(path: string, cause: Error): TaggerError {
  const problem = { message: 'cannot write', place: { file: path }, found: cause.message };
  return new TaggerError('E_WRITE', problem, { cause });
}
