/** Writing data: stdout, or a file that appears only when it is whole. */
import { once } from 'node:events';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { TaggerError } from '../core/errors.js';

export const printJson = (value: unknown): void => printText(JSON.stringify(value));

export function printText(text: string): void {
  process.stdout.write(`${text.trimEnd()}\n`);
}

/** Writes lines as they come, no faster than they are taken; to stdout where no file is named. */
export async function writeLines(lines: AsyncIterable<string>, file?: string): Promise<void> {
  if (file !== undefined) return writeFile(lines, file);
  for await (const line of lines) {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
  }
}

async function writeFile(lines: AsyncIterable<string>, file: string): Promise<void> {
  const partial = `${file}.part`;
  const handle = await create(partial);
  try {
    for await (const line of lines) await handle.write(`${line}\n`);
    await handle.close();
    await rename(partial, file);
  } catch (error) {
    await handle.close();
    await rm(partial, { force: true });
    throw error;
  }
}

async function create(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'w');
  } catch (cause) {
    const problem = { message: 'cannot write the file', place: { file }, found: (cause as Error).message };
    throw new TaggerError('E_FILE_MISSING', problem, { cause });
  }
}
