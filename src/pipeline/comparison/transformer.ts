/**
 * The transformer that a tagger is compared with, as a pipeline: the tagger's own, with self-attention for its encoder and the
 * training that such a one needs. On the same embeddings, so that what differs is the encoder.
 */
import type { z } from 'zod';
import { TaggerError } from '../../core/errors.js';
import { parseConfig } from '../config.js';
import { override } from '../overrides.js';
import type { Pipeline } from '../schema.js';
import { formatPath, type Path } from '../source.js';
import type { transformerOptions } from './competitors.js';

/** Adam with decoupled weight decay, a warm-up and a fall to nothing: plain SGD learns little through layers without gates. */
const training = {
  optimizer: { kind: 'adamw', rate: 0.001 },
  schedule: { kind: 'linear', warmup: 0.1 },
  average: { kind: 'none' },
  clip: 1,
  epochs: 15,
};

/** Throws E_CONFIG where the settings do not fit. */
export function transformerOf(pipeline: Pipeline, { set }: z.output<typeof transformerOptions>): Pipeline {
  const { workers, checkpoint } = pipeline.training;
  const own = {
    ...pipeline,
    name: `${pipeline.name}.transformer`,
    encoder: { kind: 'transformer', units: 200 },
    training: { ...training, workers, checkpoint },
    baselines: [],
  };
  const place = (path: Path) => ({ key: formatPath(['baselines', 'transformer', ...path]) });
  const { source, problems } = override({ value: own, place }, set);
  if (problems.length > 0) throw new TaggerError('E_CONFIG', problems);
  return parseConfig(source.value, { key: 'baselines' });
}
