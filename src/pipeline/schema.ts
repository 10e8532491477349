/**
 * The schema of a pipeline: seven stages, each with the options of its kinds. Built from the tables of kinds, so
 * a new kind needs no line here.
 */
import { z } from 'zod';
import { kindOf } from '../core/kind.js';
import { corpusSchema, schemeSchema } from '../corpus/description.js';
import { decoderKinds } from '../decoders/index.js';
import { embeddingKinds } from '../embeddings/index.js';
import { encoderSchema, encodersSchema } from '../encoders/index.js';
import { alignPolicies } from '../text/align-spans.js';
import { textOptions } from '../text/options.js';
import { averageKinds } from '../training/averages/index.js';
import { optimizerKinds } from '../training/optimizers/index.js';
import { loopOptions } from '../training/options.js';
import { scheduleKinds } from '../training/schedules.js';
import { competitorsSchema } from './comparison/competitors.js';
import { searchSchema } from './search/space.js';
import { child } from './source.js';

const stages = {
  /** The model is saved in `models/NAME`. */
  name: z.string().regex(/^[^./\\][^/\\]*$/, 'not the name of a folder: no slash, no dot at the start'),
  seed: z.int().min(0).max(4_294_967_295).default(1),
  tokenizer: textOptions,
  embeddings: z.array(kindOf(embeddingKinds)).min(1),
  decoder: kindOf(decoderKinds),
  training: z
    .strictObject({
      ...loopOptions,
      optimizer: kindOf(optimizerKinds),
      schedule: kindOf(scheduleKinds),
      average: kindOf(averageKinds),
    })
    .superRefine(({ average, epochs }, context) => {
      if (average.kind === 'none' || average.from <= epochs) return;
      const message = `begins in epoch ${average.from}, after the last one, which is ${epochs}`;
      context.addIssue({ code: 'custom', message, path: ['average', 'from'] });
    }),
  evaluation: z.strictObject({
    /** The dev score that picks the best epoch; `auto` is f1 for spans, accuracy for labels of single tokens. */
    metric: z.enum(['auto', 'f1', 'accuracy']).default('auto'),
  }),
  /** What the model is compared with when it is trained. */
  baselines: competitorsSchema,
  search: searchSchema.optional(),
};

/** The section `search` says which pipelines to try; it is no part of any of them. */
const withoutSearch = <T extends { search?: unknown }>({ search: _, ...pipeline }: T): Omit<T, 'search'> =>
  pipeline;

/** A corpus by name, with those of its keys that the description's own are not meant for. */
const corpusReference = z.strictObject({
  name: z.string().min(1),
  label: z.string().min(1).optional(),
  scheme: schemeSchema.optional(),
  align: z.enum(alignPolicies).optional(),
});

const schemaOf = <Corpus extends z.ZodType, Encoder extends z.ZodType>(corpus: Corpus, encoder: Encoder) =>
  z.strictObject({ ...stages, corpus, encoder }).transform(withoutSearch);

/** By whether the pipeline describes its corpus itself or names one that `corpora/NAME.yaml` describes. */
const schemas = {
  named: { one: schemaOf(corpusReference, encoderSchema), chain: schemaOf(corpusReference, encodersSchema) },
  inline: { one: schemaOf(corpusSchema, encoderSchema), chain: schemaOf(corpusSchema, encodersSchema) },
};

/** A checked pipeline: shorthands written out, every default filled in. */
export type Pipeline = z.infer<(typeof schemas)['named' | 'inline']['one' | 'chain']>;

/** The schema for a config, by how it gives its corpus and its encoder: an error then names the keys of the form that was meant. */
export function schemaFor(config: unknown): z.ZodType<Pipeline> {
  const corpus = child(config, 'corpus');
  const isInline = ['format', 'columns', 'files', 'split'].some((key) => child(corpus, key) !== undefined);
  return schemas[isInline ? 'inline' : 'named'][Array.isArray(child(config, 'encoder')) ? 'chain' : 'one'];
}
