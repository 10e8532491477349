/** A search as its pipeline file describes it: every trial drawn and checked before the first is trained. */
import { type Problem, TaggerError } from '../../core/errors.js';
import { Random } from '../../core/random.js';
import { checkPipeline, type LoadOptions, readPipeline } from '../config.js';
import { indifferentKeys } from '../indifferent.js';
import { override } from '../overrides.js';
import type { Pipeline } from '../schema.js';
import { type Source, valueAt } from '../source.js';
import { defaultRungs } from './halving.js';
import {
  draw,
  expandSearch,
  extremesOf,
  formatSetting,
  plainKey,
  type SearchSection,
  type Setting,
  searchSchema,
} from './space.js';

export interface Trial {
  /** Counts from 1. */
  readonly number: number;
  /** One for each key of the space, in its order. */
  readonly settings: readonly Setting[];
  /** With the settings laid over it. */
  readonly pipeline: Pipeline;
}

export interface Search {
  /** As given to `loadSearch`. */
  readonly reference: string;
  readonly set: readonly string[];
  /** Without the settings of trials. */
  readonly pipeline: Pipeline;
  /** `epochs` filled in. */
  readonly section: SearchSection & { readonly epochs: readonly number[] };
  /** Fewer than asked for where the space has fewer settings. */
  readonly trials: readonly Trial[];
}

/**
 * Finds, reads and checks a pipeline with a section `search`. Same file, same `set`, same trials.
 * @throws TaggerError E_FILE_MISSING, or E_CONFIG with everything that is wrong and where; a key of the space that does not
 * exist, and a value that the pipeline does not take, have the place of that key in the section.
 */
export async function loadSearch(reference: string, options: LoadOptions = {}): Promise<Search> {
  const { source, problems } = await readPipeline(reference, options);
  const checked = checkPipeline(source);
  const all = [...problems, ...checked.problems];
  if (checked.value === undefined || all.length > 0) throw new TaggerError('E_CONFIG', all);
  const pipeline = checked.value;
  const given = sectionOf(source);
  const epochs = given.epochs ?? defaultRungs(given.trials, given.reduction, pipeline.training.epochs);
  const section = { ...given, epochs };
  refuse([...epochProblems(section, pipeline, source), ...extremeProblems(section, pipeline, source)]);
  const trials = trialsOf(section, pipeline, source);
  return { reference, set: options.set ?? [], pipeline, section, trials };
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new TaggerError('E_CONFIG', problems);
}

function sectionOf(source: Source): SearchSection {
  const value = valueAt(expandSearch(source.value), ['search']);
  if (value === undefined) {
    throw new TaggerError('E_CONFIG', {
      message: 'the pipeline says nothing of a search',
      place: source.place(['search'], 'key'),
      expected:
        'a section such as\n    search: { space: { training.optimizer.rate: { log: [0.001, 0.1] } } }',
    });
  }
  // The whole pipeline was checked, and this is a part of it.
  return searchSchema.parse(value);
}

function epochProblems({ epochs }: Search['section'], pipeline: Pipeline, source: Source): Problem[] {
  const last = epochs.length - 1;
  if (epochs[last] <= pipeline.training.epochs) return [];
  return [
    {
      message: 'out of range',
      place: source.place(['search', 'epochs', last], 'value'),
      expected: `at most ${pipeline.training.epochs}, the training.epochs of the pipeline`,
      found: String(epochs[last]),
    },
  ];
}

/** Keys without which scores could not be compared, or that mean nothing here, and why. */
const fixedKeys: Readonly<Record<string, string>> = {
  name: 'the models of trials have their own folders',
  seed: 'the best of several seeds is luck; tagger train --seeds shows how much',
  corpus: 'scores on different corpora cannot be compared',
  'evaluation.metric': 'different scores cannot be compared',
  'training.epochs': 'search.epochs says how long trials are trained',
  search: 'it is the search itself',
  baselines: 'they do not change the result',
  ...Object.fromEntries(indifferentKeys.map((key) => [key, 'it does not change the result'])),
};

/** What is wrong with each key by itself: its extremes are laid over the pipeline as `--set` does it. */
function extremeProblems(section: SearchSection, pipeline: Pipeline, source: Source): Problem[] {
  const problems = extremesOf(section).flatMap((setting) => {
    const place = source.place(['search', 'space', setting.key], 'value');
    const tried = tryOut(source, [setting]);
    if (tried.value === undefined) return tried.problems.map((problem) => ({ ...problem, place }));
    const fixed = Object.keys(fixedKeys).find((key) => {
      const [before, now] = [pipeline, tried.value].map((each) => valueAt(each, key.split('.')));
      return plainKey(setting.key).split('.')[0] === key || JSON.stringify(before) !== JSON.stringify(now);
    });
    return fixed ? [{ message: 'cannot be searched', place, hint: fixedKeys[fixed] }] : [];
  });
  return unlike(problems);
}

/** The same thing wrong at both ends of a range is told once. */
function unlike(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [`${problem.message} ${problem.place?.key}`, problem]));
  return [...seen.values()];
}

type Tried = ReturnType<typeof checkPipeline>;

function tryOut(source: Source, settings: readonly Setting[]): Tried {
  const laid = override(source, settings.map(formatSetting));
  const checked = checkPipeline(laid.source);
  const problems = [...laid.problems, ...checked.problems];
  return problems.length > 0 ? { problems } : checked;
}

/** The stream of random numbers of a search: no epoch, which is what training has at this place, is below 0. */
const stream = -3;

/** How often a trial is drawn anew when there is one with the same settings. */
const draws = 100;

/** Throws E_CONFIG with what is wrong where settings meet, or lie between extremes that are allowed. */
function trialsOf(section: SearchSection, { seed }: Pipeline, source: Source): Trial[] {
  const trials: Trial[] = [];
  const seen = new Set<string>();
  for (let number = 1; number <= section.trials; number++) {
    const random = new Random(seed, stream, number);
    for (let attempt = 0; attempt < draws; attempt++) {
      const settings = draw(section, random);
      const text = settings.map(formatSetting).join('\n');
      if (seen.has(text)) continue;
      seen.add(text);
      const tried = tryOut(source, settings);
      if (tried.value === undefined)
        throw new TaggerError('E_CONFIG', trialProblems(tried, settings, source));
      trials.push({ number: trials.length + 1, settings, pipeline: tried.value });
      break;
    }
  }
  return trials;
}

function trialProblems({ problems }: Tried, settings: readonly Setting[], source: Source): Problem[] {
  const record = `in a trial with ${settings.map(formatSetting).join(' ')}`;
  return problems.map((problem) => {
    const wrong = problem.place?.key ?? '';
    const setting = settings.find(({ key }) => `${wrong}.`.startsWith(`${plainKey(key)}.`));
    const hint =
      problem.message === 'not a whole number' ? 'a step: { range: [1, 9], step: 1 }' : problem.hint;
    const place = setting ? source.place(['search', 'space', setting.key], 'value') : problem.place;
    return { ...problem, place: { ...place, record }, hint };
  });
}
