/** A model directory: written to a temporary place and renamed, so that it is complete or absent; read with every file checked. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TaggerError } from '../core/errors.js';
import { parseJson } from '../core/json.js';

export const CONFIG_FILE = 'config.json';

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

/** Writes all files and puts the directory in its place, instead of an older one of that name. */
export async function writeDirectory(
  directory: string,
  files: ReadonlyMap<string, FileContent>,
): Promise<void> {
  const parent = dirname(directory);
  const temporary = join(parent, `.${basename(directory)}.${randomUUID()}`);
  try {
    await mkdir(temporary, { recursive: true });
    for (const [name, content] of files) await writeSynced(join(temporary, name), content);
    await replace(directory, temporary);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw new TaggerError(
      'E_FILE_MISSING',
      { message: `cannot write the model: ${(error as Error).message}`, place: { file: directory } },
      { cause: error },
    );
  }
}

async function writeSynced(path: string, content: FileContent): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const part of typeof content === 'string' ? [Buffer.from(content)] : content)
      await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function replace(directory: string, temporary: string): Promise<void> {
  const old = `${temporary}.old`;
  const hadOld = await rename(directory, old).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  await rename(temporary, directory);
  if (hadOld) await rm(old, { recursive: true });
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
