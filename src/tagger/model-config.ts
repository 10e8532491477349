/** `config.json` of a model directory. */
import { z } from 'zod';
import { kindOf } from '../core/kind.js';
import { corpusSchema } from '../corpus/description.js';
import { decoderKinds } from '../decoders/index.js';
import { embeddingKinds } from '../embeddings/index.js';
import { encoderKinds } from '../encoders/index.js';
import { textOptions } from '../text/options.js';

/** Raised when a model of this version could no longer be read by the versions before. */
export const SCHEMA_VERSION = 1;

/** The stages of a pipeline that a model is built from; the others are kept as they are. */
export const networkSchema = z.looseObject({
  name: z.string(),
  tokenizer: textOptions,
  embeddings: z.array(kindOf(embeddingKinds)).min(1),
  encoder: kindOf(encoderKinds),
  decoder: kindOf(decoderKinds),
});

export const modelConfigSchema = z.strictObject({
  schema: z.literal(SCHEMA_VERSION),
  /** The version of tagger that wrote it. */
  tagger: z.string(),
  /** The column of the corpus that the model has learnt. */
  label: z.string(),
  /** `bioes` for spans, `none` for labels of single tokens. */
  scheme: z.enum(['bioes', 'none']),
  /** What the decoder tells apart, in order. */
  tags: z.array(z.string()).min(1),
  /** The whole pipeline, defaults filled in. */
  pipeline: networkSchema,
  corpus: corpusSchema,
  /** sha256 and size in bytes of every other file of the directory. */
  files: z.record(z.string(), z.strictObject({ sha256: z.string(), bytes: z.int() })),
});

export type ModelConfig = z.output<typeof modelConfigSchema>;
