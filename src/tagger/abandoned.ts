/** What killed runs have left of files and folders that are made under a temporary name and then renamed. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** One that nobody wrote to for so long is a killed run's; a younger one may be that of another live run. */
const abandonedAfterMs = 10 * 60_000;

/** Names in a folder that are temporary and abandoned. */
export async function abandonedIn(folder: string, isTemporary: (name: string) => boolean): Promise<string[]> {
  const abandoned: string[] = [];
  for (const name of (await readdir(folder)).filter(isTemporary)) {
    // Another run may have renamed its own in the meantime.
    const stats = await stat(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (stats && Date.now() - stats.mtimeMs > abandonedAfterMs) abandoned.push(name);
  }
  return abandoned;
}
