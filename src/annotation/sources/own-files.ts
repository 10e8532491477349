/** The files and folders that a run itself writes: none of its inputs, though a folder or a pattern may hold them. */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Problem, TaggerError } from '../../core/errors.js';
import { stdinName } from './bytes.js';

export interface OwnFiles {
  /** Whether a name in a folder may be one of theirs: only then a look at the disk is worth it. */
  isLike(name: string): boolean;
  has(path: string): Promise<boolean>;
}

/** `paths` need not be there yet. */
export async function ownFiles(paths: readonly string[]): Promise<OwnFiles> {
  const real = await Promise.all(paths.map(realPath));
  const names = [...paths, ...real].map((path) => basename(path));
  return { isLike: (name) => names.includes(name), has: async (path) => real.includes(await realPath(path)) };
}

/** Throws E_USAGE with every argument that is a file of its own: it would be lost. */
export async function refuseOwn(args: readonly string[], own: OwnFiles): Promise<void> {
  const problems: Problem[] = [];
  for (const file of args.filter((arg) => arg !== stdinName)) {
    if (!((await isOnDisk(file)) && (await own.has(file)))) continue;
    const hint = 'another name after --output or --errors';
    problems.push({ message: 'this is an input, and would be written to', place: { file }, hint });
  }
  if (problems.length > 0) throw new TaggerError('E_USAGE', problems);
}

/** Not so a terminal, which may be read and written. */
async function isOnDisk(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && (found.isFile() || found.isDirectory());
}

/** With all links followed. */
async function realPath(path: string): Promise<string> {
  return realpath(path).catch(async () => {
    const folder = dirname(resolve(path));
    return join(await realpath(folder).catch(() => folder), basename(path));
  });
}
