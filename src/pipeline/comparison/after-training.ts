/** The comparison of a model that has just been trained with the baselines of its pipeline, and the report of it in the model's folder. */
import { basename, join } from 'node:path';
import type { Comparison } from '../../report/index.js';
import { writeReport } from '../../report/index.js';
import { readModelConfig } from '../../tagger/model.js';
import { openCorpus } from '../corpus.js';
import { type CompareRecord, compare } from './compare.js';
import { refuseUnfit } from './competitors.js';
import { entrantsOf, type Lesson } from './entrants.js';
import { descriptionOf, fieldOf } from './field.js';

export interface Compared {
  readonly comparison: Comparison;
  /** The files of the report; the page is the first. */
  readonly files: readonly string[];
}

/** On test, or where there is none on dev. Throws what the systems throw, E_WRITE, and AbortError after the signal. */
export async function* compareTrained(
  model: string,
  { signal, ...lesson }: Lesson & { readonly signal?: AbortSignal },
): AsyncGenerator<CompareRecord, Compared> {
  const { pipeline, base } = lesson;
  const { corpus, description } = await openCorpus(pipeline, base);
  refuseUnfit(pipeline.baselines, corpus.scheme);
  const own = {
    name: basename(model),
    description: descriptionOf(await readModelConfig(model)),
    system: { model },
  };
  const field = fieldOf(corpus, description, corpus.splits.test ? 'test' : 'dev');
  const comparison = yield* compare([own, ...entrantsOf(pipeline.baselines, lesson)], field, signal);
  return { comparison, files: await writeReport(comparison, join(model, 'report')) };
}
