/** File patterns with `*` and `?`, which stand for characters within one name, never for a `/`. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, parse, sep } from 'node:path';

/** The files that a pattern names, in order of their names (by code unit); none if there are none. */
export async function glob(folder: string, pattern: string): Promise<string[]> {
  // Only the pattern is one: the folder itself may have a `*` in its name.
  const { root } = parse(pattern);
  const steps = pattern.slice(root.length).split(sep === '/' ? '/' : /[/\\]/);
  let paths = [root || folder];
  for (const step of steps) {
    paths = isPattern(step)
      ? (await Promise.all(paths.map((parent) => matching(parent, step)))).flat()
      : paths.map((parent) => join(parent, step));
  }
  const areFiles = await Promise.all(paths.map(isFile));
  return paths.filter((_, i) => areFiles[i]).sort();
}

export const isPattern = (step: string): boolean => /[*?]/.test(step);

/** What names a step of a pattern stands for. */
export function namePattern(step: string): RegExp {
  const expression = step
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'su');
}

async function matching(parent: string, step: string): Promise<string[]> {
  const name = namePattern(step);
  const entries = await absentAs<Dirent[]>([], readdir(parent, { withFileTypes: true }));
  return entries.filter((entry) => name.test(entry.name)).map((entry) => join(parent, entry.name));
}

export async function isFile(path: string): Promise<boolean> {
  const found = await absentAs(undefined, stat(path));
  return found?.isFile() ?? false;
}

export async function isFolder(path: string): Promise<boolean> {
  const found = await absentAs(undefined, stat(path));
  return found?.isDirectory() ?? false;
}

/** What is not there is an answer here; any other failure is not. */
async function absentAs<T>(absent: T, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return absent;
    throw error;
  }
}
