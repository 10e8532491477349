/** Files that a pipeline names: relative to its folder, else to the working folder. */
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** The paths at which a file is looked for, in order. */
export function placesOf(reference: string, base?: string): string[] {
  return isAbsolute(reference) || !base ? [reference] : [join(base, reference), reference];
}

export async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile()) return path;
  }
  return undefined;
}
