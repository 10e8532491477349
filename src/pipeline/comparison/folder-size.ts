import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of the files in a folder, and with `recursive` of those below. */
export async function bytesIn(folder: string, recursive = false): Promise<number> {
  const sizes = (await readdir(folder, { recursive })).map(async (name) => {
    const found = await stat(join(folder, name));
    return found.isFile() ? found.size : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
