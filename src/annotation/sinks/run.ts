/** A run that has a place to write to for itself, and keeps there how far it has come. */
import { randomUUID } from 'node:crypto';
import { link, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { abandonedIn } from '../../tagger/abandoned.js';
import { syncFolder, writeSynced } from '../../tagger/files.js';
import type { SinkOptions } from '../sink.js';
import { encodeManifest, type Manifest, type RunState, readManifest, stateOf } from './manifest.js';
import { isOtherAlive, thisProcess } from './process.js';
import { atWork, interrupted, refuseDifferences } from './refusals.js';
import { writing } from './system.js';

export interface Run {
  /** Of the run that this one goes on from. */
  readonly previous?: RunState;
  /** Whether there is a checkpoint to go on from. */
  readonly hasProgress: boolean;
  /** Throws E_RESUME when another run has taken the place. */
  save(state: RunState): Promise<void>;
  /** Frees the place; the manifest stays where it tells of a checkpoint. Never throws. */
  release(): Promise<void>;
  /** Frees the place of a run that is finished: there is nothing to go on from. */
  end(): Promise<void>;
}

/** What names a run in its manifest. */
type Owner = Pick<Manifest, 'run' | 'settings' | 'process'>;

/** Runs of this process. */
const here = new Set<string>();
const nothing: RunState = { isFinishing: false };

/** Takes the place of a manifest; `target` is what messages call it. Throws E_RESUME as `openSink` says. */
export async function openRun(
  path: string,
  target: string,
  options: Pick<SinkOptions, 'settings' | 'resume' | 'force'>,
): Promise<Run> {
  const { settings, resume = false, force = false } = options;
  const found = await readManifest(path).catch((error) => {
    if (!force || resume) throw error;
    return 'damaged' as const;
  });
  if (found && found !== 'damaged') await refuse(found, path, target, options);
  const previous = resume && found && found !== 'damaged' && found.progress ? stateOf(found) : undefined;
  const owner: Owner = { run: randomUUID(), settings, process: await thisProcess() };
  let state = previous ?? nothing;
  await writing(target, claim(path, target, { ...state, ...owner }, found !== undefined));
  here.add(owner.run);

  return {
    previous,
    get hasProgress() {
      return state.progress !== undefined;
    },
    async save(next) {
      await expectOwn();
      await writing(target, replace(path, { ...next, ...owner }));
      state = next;
    },
    async release() {
      here.delete(owner.run);
      // Where that fails, as on a full disk, the manifest stays as it is: as good, once this process has ended.
      await letGo().catch(() => {});
    },
    async end() {
      here.delete(owner.run);
      await writing(target, rm(path, { force: true }));
      await removeAbandoned(path).catch(() => {});
    },
  };

  async function letGo(): Promise<void> {
    await expectOwn();
    if (state.progress) await replace(path, { ...state, ...owner, process: undefined });
    else await rm(path, { force: true });
  }

  /** Runs that go on from the same checkpoint at the same moment are told apart here; all but the last one end. */
  async function expectOwn(): Promise<void> {
    const now = await readManifest(path);
    if (now?.run !== owner.run) throw atWork(target, path, now?.process?.pid);
  }
}

async function refuse(
  manifest: Manifest,
  path: string,
  target: string,
  { settings, resume, force }: Pick<SinkOptions, 'settings' | 'resume' | 'force'>,
): Promise<void> {
  const { run, process: owner, progress } = manifest;
  if (here.has(run) || (owner && (await isOtherAlive(owner)))) throw atWork(target, path, owner?.pid);
  if (progress && !resume && !force) throw interrupted(target, progress);
  if (progress && resume && !force) refuseDifferences(path, manifest, settings);
}

type Content = Parameters<typeof encodeManifest>[0];

/** Of runs that begin in the same moment, one gets the place, whole. */
async function claim(path: string, target: string, content: Content, isTaken: boolean): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${content.run}`);
  try {
    await writeSynced(temporary, encodeManifest(content));
    await (isTaken ? rename(temporary, path) : putNew(temporary, path));
    await syncFolder(dirname(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw atWork(target, path, (await readManifest(path))?.process?.pid);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** As `rename`, but throws EEXIST where something is there already. */
async function putNew(temporary: string, path: string): Promise<void> {
  await link(temporary, path).catch(async (error: NodeJS.ErrnoException) => {
    // A file system without hard links: there the first one has no protection from the second.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(error.code ?? '')) throw error;
    await rename(temporary, path);
  });
}

async function replace(path: string, content: Content): Promise<void> {
  const temporary = `${path}.new`;
  await writeSynced(temporary, encodeManifest(content));
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Removes what runs have left that were killed while they took the place. */
async function removeAbandoned(path: string): Promise<void> {
  const prefix = `.${basename(path)}.`;
  for (const name of await abandonedIn(dirname(path), (name) => name.startsWith(prefix))) {
    await rm(join(dirname(path), name), { force: true });
  }
}
