/** The transformer that a tagger is compared with, as a pipeline: the tagger's own on the same corpus, with another network and its training. */
import type { z } from 'zod';
import { TaggerError } from '../../core/errors.js';
import { parseConfig } from '../config.js';
import { override } from '../overrides.js';
import type { Pipeline } from '../schema.js';
import { usualEmbeddings } from '../shorthands.js';
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

/** On the tagger's own embeddings, so that what differs is the encoder; a pretrained transformer among them is not from scratch. */
function fromScratch({ embeddings }: Pipeline) {
  const own = embeddings.filter(({ kind }) => kind !== 'bert');
  return {
    embeddings: own.length > 0 ? own : usualEmbeddings,
    encoder: { kind: 'transformer', units: 200 },
    training,
  };
}

/** A linear layer on the first piece of every word (Devlin et al. 2019), which learns faster than what has learnt before. */
const fineTuned = (checkpoint: string) => ({
  embeddings: [{ kind: 'bert', checkpoint }],
  encoder: { kind: 'none' },
  decoder: { kind: 'softmax' },
  training: {
    ...training,
    optimizer: { kind: 'adamw', rate: 0.0001 },
    rates: { decoder: 10 },
    batch: 16,
    shards: 2,
    epochs: 5,
  },
});

/** Throws E_CONFIG where the settings do not fit. */
export function transformerOf(
  pipeline: Pipeline,
  { checkpoint, set }: z.output<typeof transformerOptions>,
): Pipeline {
  const how = checkpoint === undefined ? fromScratch(pipeline) : fineTuned(checkpoint);
  const own = {
    ...pipeline,
    name: `${pipeline.name}.transformer`,
    ...how,
    training: { ...how.training, workers: pipeline.training.workers },
    baselines: [],
  };
  const place = (path: Path) => ({ key: formatPath(['baselines', 'transformer', ...path]) });
  const { source, problems } = override({ value: own, place }, set);
  if (problems.length > 0) throw new TaggerError('E_CONFIG', problems);
  return parseConfig(source.value, { key: 'baselines' });
}
