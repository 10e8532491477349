/** The folder of the models of several seeds: `seed-N` each, `seeds.json` with the scores of all, and `best`, a link to one. */
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { TaggerError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import { CONFIG_FILE, checkTarget } from '../tagger/target.js';
import { cannotWriteFile, isThere, readIfThere, replaceFile, replaceLink } from './aside.js';
import { refuseForgotten } from './checkpoints.js';
import { openCorpus } from './corpus.js';
import { hashesOf } from './corpus-hash.js';
import { differencesOf, refuseDifferences } from './differences.js';
import { decisive } from './indifferent.js';
import type { RunResult } from './records.js';
import type { RunOptions } from './run.js';
import type { Pipeline } from './schema.js';
import type { SeedRun, SeedsSummary } from './seeds-summary.js';
import { version } from './version.js';

const SUMMARY_FILE = 'seeds.json';
const BEST_LINK = 'best';

/** `seed-7`, what its checkpoints and temporary folders are called, and our own files. */
const ownName = /^\.?(seed-\d+|seeds\.json|best)(\.|$)/;

const nameOf = (seed: number) => `seed-${seed}`;

/** What people call a model: by its folder, and one of several seeds by theirs too (`conll/best`). */
export function modelName(model: string): string {
  const folder = resolve(model);
  const name = basename(folder);
  return ownName.test(name) ? join(basename(dirname(folder)), name) : name;
}

export class SeedsFolder {
  /** Runs that were done before. */
  readonly done: readonly SeedRun[];
  /** Whether runs that were begun before belong to the same pipeline and corpus. */
  readonly canResume: boolean;
  private readonly directory: string;
  private readonly pipeline: unknown;

  private constructor(directory: string, pipeline: unknown, done: readonly SeedRun[], canResume: boolean) {
    this.canResume = canResume;
    this.directory = directory;
    this.pipeline = pipeline;
    this.done = done;
  }

  /**
   * Throws E_USAGE where the folder is no place for the models of these seeds or holds checkpoints that would be forgotten,
   * E_RESUME where it is of another pipeline, and E_WRITE.
   */
  static async open(
    pipeline: Pipeline,
    seeds: readonly number[],
    options: Pick<RunOptions, 'output' | 'base' | 'resume' | 'force'>,
  ): Promise<SeedsFolder> {
    const directory = options.output ?? join('models', pipeline.name);
    await refuseForeign(directory);
    const { resume, force } = options;
    for (const model of seeds.map((seed) => join(directory, nameOf(seed)))) {
      await checkTarget(model);
      if (!resume && !force) await refuseForgotten(model);
    }
    const { corpus } = await openCorpus(pipeline, options.base);
    const { seed: _, ...config } = decisive(pipeline);
    const shared = { ...config, ...hashesOf(corpus, ['train', 'dev', 'test'], pipeline) };
    if (resume) {
      const done = await readDone(directory, shared, seeds, force);
      return new SeedsFolder(directory, shared, done ?? [], done !== undefined);
    }
    // What they say of older models would soon not be true.
    for (const name of [SUMMARY_FILE, BEST_LINK]) await remove(join(directory, name));
    return new SeedsFolder(directory, shared, [], false);
  }

  get best(): string {
    return join(this.directory, BEST_LINK);
  }

  modelOf(seed: number): string {
    return join(this.directory, nameOf(seed));
  }

  /** Writes down the runs that are done, and marks the best of them. */
  async mark(runs: readonly SeedRun[], summary: SeedsSummary): Promise<void> {
    const rows = runs.map(({ seed, result }) => ({ seed, ...result, model: nameOf(seed) }));
    const content = { tagger: version(), pipeline: this.pipeline, summary, runs: rows };
    await replaceLink(this.best, nameOf(summary.best));
    await replaceFile(join(this.directory, SUMMARY_FILE), `${JSON.stringify(content, null, 2)}\n`);
  }
}

async function refuseForeign(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) return checkTarget(directory);
  const foreign = (await readdir(directory)).filter((name) => !ownName.test(name));
  if (foreign.length === 0) return;
  const isModel = foreign.includes(CONFIG_FILE);
  throw new TaggerError('E_USAGE', {
    message: 'this is no folder of the models of several seeds',
    place: { file: directory },
    expected: 'a new folder, an empty one, or one from --seeds',
    found: isModel ? 'a model' : `a folder with ${foreign[0]}`,
    hint: 'another folder with --output',
  });
}

const summarySchema = z.looseObject({
  pipeline: z.unknown(),
  runs: z.array(
    z.looseObject({
      seed: z.int(),
      hash: z.string(),
      dev: z.looseObject({ f1: z.number(), accuracy: z.number() }),
    }),
  ),
});

/** The runs of these seeds that are done and whose model is there; undefined of another pipeline, which only `force` allows. */
async function readDone(
  directory: string,
  pipeline: unknown,
  seeds: readonly number[],
  force = false,
): Promise<SeedRun[] | undefined> {
  const file = join(directory, SUMMARY_FILE);
  const text = await readIfThere(file);
  if (text === undefined) return [];
  const parsed = summarySchema.safeParse(parseJson(text)?.value);
  if (!parsed.success) {
    const problem = { message: 'not the summary of several seeds', place: { file }, hint: 'delete it' };
    throw new TaggerError('E_USAGE', problem);
  }
  const differences = differencesOf(parsed.data.pipeline, pipeline);
  if (differences.length > 0 && force) return undefined;
  refuseDifferences(file, differences, '--force trains all seeds again');
  const done: SeedRun[] = [];
  for (const { seed, ...rest } of parsed.data.runs) {
    const model = join(directory, nameOf(seed));
    const isDone = seeds.includes(seed) && (await isThere(join(model, CONFIG_FILE)));
    // Written by `mark`, and vouched for by what was checked of it.
    if (isDone) done.push({ seed, result: { ...(rest as unknown as RunResult), model } });
  }
  return done.sort((a, b) => seeds.indexOf(a.seed) - seeds.indexOf(b.seed));
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: Error) => {
    throw cannotWriteFile(path, error);
  });
}
