/** The checkpoints of a training run in one folder: each is whole or absent, and the one before it stays as a reserve. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Problem, TaggerError } from '../core/errors.js';
import { abandonedIn } from '../tagger/abandoned.js';
import { syncFolder } from '../tagger/files.js';
import { type Checkpoint, encodeCheckpoint, readCheckpoint, writeParts } from './checkpoint-format.js';

export type { Checkpoint } from './checkpoint-format.js';

export interface FoundCheckpoint extends Checkpoint {
  readonly file: string;
  /** Newer ones that could not be used, and why. */
  readonly skipped: readonly Problem[];
}

const nameOf = (serial: number) => `checkpoint-${String(serial).padStart(12, '0')}.safetensors`;
const checkpointName = /^checkpoint-\d{12}\.safetensors$/;
const temporaryName = /^\.checkpoint-\d{12}\.safetensors\.[\da-f-]{36}$/;

/**
 * Writes the checkpoint of a step, `serial` being the number of steps done, and makes the folder where it is missing. The
 * tensors must not change meanwhile. Of earlier checkpoints the newest stays; those of later steps are left alone, so a run
 * that begins anew calls `removeCheckpoints` first. Throws E_WRITE, with the earlier ones as they were.
 */
export async function writeCheckpoint(folder: string, serial: number, checkpoint: Checkpoint): Promise<void> {
  const name = nameOf(serial);
  const temporary = join(folder, `.${name}.${randomUUID()}`);
  const parts = encodeCheckpoint(checkpoint);
  try {
    await mkdir(folder, { recursive: true });
    await writeSynced(temporary, parts);
    await rename(temporary, join(folder, name));
    await syncFolder(folder);
    const older = (await namesIn(folder, checkpointName)).filter((other) => other < name);
    await remove(folder, [
      ...older.slice(0, -1),
      ...(await abandonedIn(folder, (name) => temporaryName.test(name))),
    ]);
  } catch (error) {
    // The first failure is the one to tell: a second one, of removing what may not even be there, says less.
    await rm(temporary, { force: true }).catch(() => {});
    // Gone again if there is nothing in it.
    await rmdir(folder).catch(() => {});
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    throw new TaggerError(
      'E_WRITE',
      {
        message: 'cannot save the checkpoint',
        place: { file: join(folder, name) },
        expected: `a folder that can be written to, with room for ${bytes} bytes`,
        found: (error as Error).message,
      },
      { cause: error },
    );
  }
}

/**
 * The newest checkpoint that is whole, or undefined where there is none at all. Throws E_MODEL with the problem of each
 * when none can be used, and E_FILE_MISSING when the folder cannot be read.
 */
export async function readLatestCheckpoint(folder: string): Promise<FoundCheckpoint | undefined> {
  const names = await namesIn(folder, checkpointName).catch((error: Error) => {
    const problem = { message: 'cannot read the folder of checkpoints', place: { file: folder } };
    throw new TaggerError('E_FILE_MISSING', { ...problem, found: error.message }, { cause: error });
  });
  const skipped: Problem[] = [];
  for (const name of names.reverse()) {
    const file = join(folder, name);
    try {
      return { ...(await readCheckpoint(file)), file, skipped };
    } catch (error) {
      if (!(error instanceof TaggerError)) throw error;
      skipped.push(...error.problems);
    }
  }
  if (skipped.length > 0) throw new TaggerError('E_MODEL', skipped);
  return undefined;
}

/** Removes all checkpoints, unfinished ones too, and the folder when nothing else is in it. Throws E_WRITE. */
export async function removeCheckpoints(folder: string): Promise<void> {
  try {
    for (const kind of [checkpointName, temporaryName]) await remove(folder, await namesIn(folder, kind));
    await rmdir(folder).catch(allow('ENOENT', 'ENOTEMPTY', 'EEXIST'));
  } catch (error) {
    const problem = { message: 'cannot remove the checkpoints', place: { file: folder } };
    throw new TaggerError('E_WRITE', { ...problem, found: (error as Error).message }, { cause: error });
  }
}

async function writeSynced(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await writeParts(file, parts);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Sorted, and so by step; none where there is no folder. */
async function namesIn(folder: string, pattern: RegExp): Promise<string[]> {
  const names = (await readdir(folder).catch(allow('ENOENT'))) ?? [];
  return names.filter((name) => pattern.test(name)).sort();
}

async function remove(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name), { force: true });
}

function allow(...codes: readonly string[]): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (!codes.includes(error.code ?? '')) throw error;
  };
}
