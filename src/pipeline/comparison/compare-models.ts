/** Models from their folders against each other and baselines, as `tagger compare` does it. */
import { TaggerError } from '../../core/errors.js';
import type { Comparison } from '../../report/comparison.js';
import { parseConfig } from '../config.js';
import { threadsOf } from '../hands.js';
import { type CompareRecord, compare } from './compare.js';
import { checkBaselines, entrantsOf } from './entrants.js';
import { openField } from './field.js';
import { modelEntrants } from './model-entrants.js';

export interface CompareOptions {
  /** As in a pipeline: names, or settings with a `kind`. Trained on the corpus of the first model. */
  readonly baselines?: readonly (string | Readonly<Record<string, unknown>>)[];
  /** The split of the corpus that all are scored on; `test` unless told. */
  readonly on?: 'dev' | 'test';
  /** The folder that paths of the corpus are relative to; the working directory unless told. */
  readonly base?: string;
  /** Threads for training baselines; one a core unless told. */
  readonly workers?: number;
  /** Ends it with an AbortError. */
  readonly signal?: AbortSignal;
}

export type ComparingRecord = CompareRecord | { readonly kind: 'warning'; readonly text: string };

/**
 * The first model is what all others are compared with; each system tags in a process of its own. Throws E_USAGE
 * without a model, what `openField` throws, E_CONFIG for baselines that do not fit, and what the systems throw.
 *
 * @example
 * const run = compareModels(['models/new', 'models/old'], { baselines: ['majority', { kind: 'crf', window: 1 }] });
 */
export async function* compareModels(
  models: readonly [string, ...string[]],
  { baselines = [], on = 'test', base, workers, signal }: CompareOptions = {},
): AsyncGenerator<ComparingRecord, Comparison> {
  if (models.length === 0) {
    throw new TaggerError('E_USAGE', {
      message: 'there is no model to compare',
      expected: 'folders of models',
      found: '[]',
    });
  }
  const { field, descriptions, warnings, ...opened } = await openField(models, { on, base });
  for (const text of warnings) yield { kind: 'warning', text };
  const pipeline = parseConfig({ ...opened.pipeline, baselines }, {});
  checkBaselines(pipeline, field.scheme);
  const lesson = { pipeline, base, workers: threadsOf(workers ?? 'auto') };
  const entrants = [...modelEntrants(models, descriptions), ...entrantsOf(pipeline.baselines, lesson)];
  return yield* compare(entrants, field, signal);
}
