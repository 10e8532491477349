/**
 * A folder with a file, or several, for each document. Between two checkpoints they are made in `.part`, as one chunk; when
 * they are on the disk, `.progress.json` says so, and only then do they get their names. So what has a name belongs to a
 * checkpoint, and a run that goes on neither writes a document twice nor takes its file for that of another.
 */
import { mkdir, readdir, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { TaggerError } from '../../core/errors.js';
import { syncFolder } from '../../tagger/files.js';
import type { Progress, Sink, SinkOptions } from '../sink.js';
import { add, type Chunk, publish, sync } from './chunk.js';
import { errorsOf, openErrors } from './errors.js';
import { filesOf } from './layout.js';
import { nowhere } from './outlet.js';
import { openRun } from './run.js';
import { writing } from './system.js';

const manifestName = '.progress.json';
const partName = '.part';

/** Throws E_RESUME and E_WRITE as `openSink` says. */
export async function openFolder(folder: string, options: SinkOptions): Promise<Sink> {
  const { layout, resume, force } = options;
  const isNew = (await writing(folder, mkdir(folder, { recursive: true }))) !== undefined;
  const manifest = join(folder, manifestName);
  const parts = join(folder, partName);
  const run = await openRun(manifest, folder, options);
  const { previous } = run;
  const partOf = (number: number) => join(parts, `${number}`);
  let number = previous?.chunk ?? 0;
  let began = previous?.began ?? 0;
  let errors = nowhere;

  async function abandon(): Promise<void> {
    if (run.hasProgress) await errors.close();
    else {
      await errors.discard();
      await rm(parts, { recursive: true, force: true }).catch(() => {});
    }
    await run.release();
    // Gone again if there is nothing in it.
    if (isNew) await rmdir(folder).catch(() => {});
  }

  try {
    if (previous) await publish({ part: partOf(number), folder });
    else if (await hasOthers(folder)) {
      if (!resume && !force) throw notEmpty(folder);
      began = await writing(folder, laterThan(manifest));
    }
    await writing(folder, rm(parts, { recursive: true, force: true }));
    errors = await openErrors(options, previous);
  } catch (error) {
    await abandon();
    throw error;
  }

  let chunk: Chunk = { part: partOf(++number), folder, began };

  async function checkpoint(progress: Progress, isFinishing: boolean): Promise<void> {
    await sync(chunk);
    await errors.sync();
    await run.save({ progress, isFinishing, errors: errorsOf(options, errors), chunk: number, began });
    await publish(chunk);
    chunk = { part: partOf(++number), folder, began };
  }

  return {
    from: previous?.progress,
    isResumable: true,
    isFolder: true,
    write: (document) => add(chunk, document.id, filesOf(document, layout)),
    writeError: (line) => errors.append(`${line}\n`),
    checkpoint: (progress) => checkpoint(progress, false),
    async finish(progress) {
      await checkpoint(progress, true);
      await writing(folder, rm(parts, { recursive: true, force: true }));
      await writing(folder, syncFolder(folder));
      await errors.finish();
      await run.end();
    },
    abandon,
  };
}

/** Whether there is something that is none of an unfinished run's. */
async function hasOthers(folder: string): Promise<boolean> {
  const names = await writing(folder, readdir(folder));
  return names.some((name) => name !== partName && !name.includes(manifestName));
}

/** A time (ms), by the clock of its disk, at which the file and all older ones have not changed any more. */
async function laterThan(file: string): Promise<number> {
  const { ctimeMs } = await stat(file);
  for (;;) {
    const now = new Date();
    await utimes(file, now, now);
    const changed = (await stat(file)).ctimeMs;
    if (changed > ctimeMs) return changed;
  }
}

function notEmpty(folder: string): TaggerError {
  return new TaggerError('E_WRITE', {
    message: 'the folder is not empty',
    place: { file: folder },
    expected: 'a new or an empty folder',
    hint: 'another name; or --force, which replaces files that have the name of a document',
  });
}
