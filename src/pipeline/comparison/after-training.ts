/** The comparison of a model that has just been trained with the baselines of its pipeline. */
import { join } from 'node:path';
import type { Comparison } from '../../report/index.js';
import { openCorpus } from '../corpus.js';
import { type CompareRecord, compare } from './compare.js';
import { descriptionOf } from './description.js';
import { entrantsOf, type Lesson } from './entrants.js';
import { fieldOf } from './field.js';
import { modelEntrants } from './model-entrants.js';

/** On test, or where there is none on dev. Throws what the systems throw, and AbortError after the signal. */
export async function* compareTrained(
  model: string,
  { signal, ...lesson }: Lesson & { readonly signal?: AbortSignal },
): AsyncGenerator<CompareRecord, Comparison> {
  const { pipeline, base } = lesson;
  const { corpus, description } = await openCorpus(pipeline, base);
  const own = modelEntrants([model], [descriptionOf(pipeline)]);
  const field = fieldOf(corpus, description, corpus.splits.test ? 'test' : 'dev');
  return yield* compare([...own, ...entrantsOf(pipeline.baselines, lesson)], field, signal);
}

/** Where the report of a model is. */
export const reportFolder = (model: string): string => join(model, 'report');
