/** The folder of a search: `search.json`, what it is; `trials.csv`, what was trained; `trial-001` …, models and checkpoints. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TaggerError } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import { checkTarget } from '../../tagger/target.js';
import { cannotWriteFile, readIfThere, replaceFile } from '../aside.js';
import { openCorpus } from '../corpus.js';
import { hashesOf } from '../corpus-hash.js';
import { type Difference, differencesOf, refuseDifferences } from '../differences.js';
import { decisive } from '../indifferent.js';
import { child, isMapping } from '../source.js';
import { version } from '../version.js';
import type { Search, Trial } from './load.js';
import { formatSetting } from './space.js';
import { appendTrial, readTrials, type TrialRow, writeTrials } from './trials.js';

const SEARCH_FILE = 'search.json';
const TRIALS_FILE = 'trials.csv';

const nameOf = (trial: number) => `trial-${String(trial).padStart(3, '0')}`;

export class SearchFolder {
  readonly directory: string;
  /** In the order in which they were trained. */
  readonly rows: TrialRow[];

  private constructor(directory: string, rows: TrialRow[]) {
    this.directory = directory;
    this.rows = rows;
  }

  /**
   * Opens a new folder or that of the same search. With `force` that of another one, of which the trials stay that are the
   * same. Throws E_RESUME where it is another one, E_USAGE where it is something else, and E_WRITE.
   */
  static async open(
    search: Search,
    directory: string,
    { force = false, base }: { readonly force?: boolean; readonly base?: string } = {},
  ): Promise<SearchFolder> {
    const file = join(directory, SEARCH_FILE);
    await refuseForeign(directory, file);
    await checkTarget(join(directory, nameOf(1)));
    const { corpus } = await openCorpus(search.pipeline, base);
    const now = { ...describe(search), ...hashesOf(corpus, ['train', 'dev'], search.pipeline) };
    const text = await readIfThere(file);
    const before = text === undefined ? undefined : parseJson(text)?.value;
    const differences = text === undefined ? [] : differencesOf(child(before, 'search'), now);
    if (!force)
      refuseDifferences(file, differences, '--force keeps the trials that are still the same, and no others');
    const trials = join(directory, TRIALS_FILE);
    const rows = await readTrials(trials);
    const kept = rowsThatHold(rows, search, differences);
    if (!force && kept.length < rows.length) throw foreignRow(trials, rows, kept);
    const folder = new SearchFolder(directory, kept);
    await makeFolder(directory);
    if (differences.length > 0) await folder.discard((trial) => kept.every((row) => row.trial !== trial));
    await replaceFile(file, `${JSON.stringify({ tagger: version(), search: now }, null, 2)}\n`);
    await writeTrials(trials, Object.keys(search.section.space), kept);
    return folder;
  }

  modelOf(trial: number): string {
    return join(this.directory, nameOf(trial));
  }

  find(trial: number, rung: number): TrialRow | undefined {
    return this.rows.find((row) => row.trial === trial && row.rung === rung);
  }

  async add(row: TrialRow): Promise<void> {
    await appendTrial(join(this.directory, TRIALS_FILE), row);
    this.rows.push(row);
  }

  /** Removes models and checkpoints of trials; should one be wanted after all, it is trained again. */
  async discard(isUnwanted: (trial: number) => boolean): Promise<void> {
    for (const name of await readdir(this.directory)) {
      const [, number] = /^\.?trial-(\d+)(?:\.|$)/.exec(name) ?? [];
      if (number === undefined || !isUnwanted(Number(number))) continue;
      const path = join(this.directory, name);
      await rm(path, { recursive: true, force: true }).catch((error: Error) => {
        throw cannotWriteFile(path, error);
      });
    }
  }
}

/** All that decides what the trials are and how they fare, as JSON has it. */
function describe({ pipeline, section }: Search): Record<string, unknown> {
  return { ...decisive(pipeline), search: JSON.parse(JSON.stringify(section)) };
}

/** None where the pipeline itself has changed; else those with the settings and the epochs that they would have now. */
function rowsThatHold(
  rows: readonly TrialRow[],
  { trials, section }: Search,
  differences: readonly Difference[],
): TrialRow[] {
  if (differences.some(({ key }) => !key.startsWith('search.'))) return [];
  const hasChanged = (rung: number) => differences.some(({ key }) => key === `search.epochs.${rung - 1}`);
  return rows.flatMap((row) => {
    const trial = trials[row.trial - 1];
    const isRung = row.rung >= 1 && row.rung <= section.epochs.length && !hasChanged(row.rung);
    // In the order of the columns that are written now.
    return trial && isRung && areSame(row, trial) ? [{ ...row, settings: trial.settings }] : [];
  });
}

function areSame({ settings }: TrialRow, trial: Trial): boolean {
  const text = (all: Trial['settings']) => all.map(formatSetting).sort().join('\n');
  return text(settings) === text(trial.settings);
}

function foreignRow(file: string, rows: readonly TrialRow[], kept: readonly TrialRow[]): TaggerError {
  const isKept = (row: TrialRow) => kept.some(({ trial, rung }) => trial === row.trial && rung === row.rung);
  const line = rows.findIndex((row) => !isKept(row));
  return new TaggerError('E_USAGE', {
    message: 'this row is not of a trial of this search',
    place: { file, line: line + 2 },
    found: `trial ${rows[line].trial}, rung ${rows[line].rung}: ${rows[line].settings.map(formatSetting).join(' ')}`,
    hint: 'take the line out, or --force',
  });
}

async function refuseForeign(directory: string, file: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) return checkTarget(directory);
  const names = await readdir(directory);
  const isOurs = names.length === 0 || isMapping(parseJson((await readIfThere(file)) ?? '')?.value);
  if (isOurs) return;
  throw new TaggerError('E_USAGE', {
    message: 'this is no folder of a search',
    place: { file: directory },
    expected: 'a new folder, an empty one, or one of tagger search',
    found: `a folder with ${names[0]}`,
    hint: 'another folder with --output',
  });
}

async function makeFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true }).catch((error: Error) => {
    throw cannotWriteFile(directory, error);
  });
}
