/** Writing data: stdout, or a file that appears only when it is whole; and on stderr what there is to say of it. */
import { once } from 'node:events';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { TaggerError } from '../core/errors.js';

export const printJson = (value: unknown): void => printText(JSON.stringify(value));

export function printText(text: string): void {
  process.stdout.write(`${text.trimEnd()}\n`);
}

export function warn(warnings: readonly string[]): void {
  for (const text of warnings) console.error(`warning: ${text}`);
}

/** Writes lines as they come, no faster than they are taken; to stdout where no file is named. */
export async function writeLines(lines: AsyncIterable<string>, file?: string): Promise<void> {
  if (file !== undefined) return writeFile(lines, file);
  for await (const line of lines) {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
  }
}

async function writeFile(lines: AsyncIterable<string>, file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw cannotWrite(file, 'a folder');
  // A device or a pipe cannot be replaced, and a link stays a link.
  const isReplaced = found === undefined || found.isFile();
  const target = found === undefined ? file : await realpath(file);
  const partial = isReplaced ? `${target}.part` : target;
  const handle = await writing(file, open(partial, 'w'));
  try {
    for await (const line of lines) await writing(file, handle.appendFile(`${line}\n`));
    await writing(file, handle.close());
    if (isReplaced) await writing(file, rename(partial, target));
  } catch (error) {
    await handle.close();
    if (isReplaced) await rm(partial, { force: true });
    throw error;
  }
}

/** What the system refuses becomes an error that names the file. */
async function writing<T>(file: string, operation: Promise<T>): Promise<T> {
  return operation.catch((cause: Error) => {
    throw cannotWrite(file, cause.message, cause);
  });
}

function cannotWrite(file: string, found: string, cause?: unknown): TaggerError {
  return new TaggerError('E_WRITE', { message: 'cannot write', place: { file }, found }, { cause });
}
