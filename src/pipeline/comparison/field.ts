/** What models are compared on: a split of the corpus that they have learnt. */
import { join } from 'node:path';
import { TaggerError } from '../../core/errors.js';
import type { CorpusDescription } from '../../corpus/description.js';
import type { Corpus } from '../../corpus/load.js';
import { CONFIG_FILE } from '../../tagger/files.js';
import { readModelConfig } from '../../tagger/model.js';
import type { ModelConfig } from '../../tagger/model-config.js';
import { ownScheme } from '../../text/schemes.js';
import { parseConfig } from '../config.js';
import { openCorpus } from '../corpus.js';
import type { Pipeline } from '../schema.js';
import type { Field } from './compare.js';
import { descriptionOf } from './description.js';

export interface OpenField {
  readonly field: Field;
  readonly description: CorpusDescription;
  /** That of the first model, whose corpus baselines learn. */
  readonly pipeline: Pipeline;
  /** Of every model, in a line. */
  readonly descriptions: readonly string[];
  readonly warnings: readonly string[];
}

export interface FieldOptions {
  readonly on: 'dev' | 'test';
  /** The folder that paths of the corpus are relative to. */
  readonly base?: string;
  /** Whether the split must tell where each of its words stands. */
  readonly places?: boolean;
}

/** Throws E_MODEL, E_CORPUS_…, and E_USAGE where the models have not learnt the same labels or the corpus has no such split. */
export async function openField(
  models: readonly [string, ...string[]],
  { on: name, base, places }: FieldOptions,
): Promise<OpenField> {
  const configs = await Promise.all(models.map(readModelConfig));
  refuseOthers(models, configs);
  const pipeline = parseConfig(configs[0].pipeline, { file: join(models[0], CONFIG_FILE) });
  const { corpus, description } = await openCorpus(pipeline, base, { places });
  return {
    field: fieldOf(corpus, description, name),
    description,
    pipeline,
    descriptions: configs.map(({ pipeline }) => descriptionOf(pipeline)),
    warnings: corpus.warnings,
  };
}

/** Throws E_USAGE where the corpus has no such split. */
export function fieldOf(corpus: Corpus, { title, licence }: CorpusDescription, name: 'dev' | 'test'): Field {
  const split = corpus.splits[name];
  if (!split) {
    throw new TaggerError('E_USAGE', {
      message: `corpus ${corpus.name} has no split ${name}`,
      expected: 'dev',
      found: name,
      hint: '--on dev',
    });
  }
  return {
    corpus: { name: corpus.name, title, licence, label: corpus.label, split: name },
    split,
    scheme: ownScheme(corpus.scheme),
    train: corpus.splits.train,
  };
}

function refuseOthers(models: readonly string[], [first, ...others]: readonly ModelConfig[]): void {
  const kindOf = ({ label, scheme }: ModelConfig) =>
    `${label}, ${scheme === 'none' ? 'single tokens' : 'spans'}`;
  const other = others.findIndex((config) => kindOf(config) !== kindOf(first));
  if (other < 0) return;
  throw new TaggerError('E_USAGE', {
    message: `${models[other + 1]} has learnt other labels than ${models[0]}`,
    expected: kindOf(first),
    found: kindOf(others[other]),
    hint: 'models of one corpus and column',
  });
}
