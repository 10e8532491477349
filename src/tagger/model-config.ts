/** `config.json` of a model directory. */
import { z } from 'zod';
import { type Problem, TaggerError } from '../core/errors.js';
import { kindOf } from '../core/kind.js';
import { corpusSchema } from '../corpus/description.js';
import { decoderKinds } from '../decoders/index.js';
import { embeddingKinds } from '../embeddings/index.js';
import { encoderSchema, encodersSchema } from '../encoders/index.js';
import { textOptions } from '../text/options.js';
import { stampOf } from './files.js';

/** Raised when a model of this version could no longer be read by the versions before. 2: `longest`; 3: `window`. */
export const SCHEMA_VERSION = 3;

/** The stages of a pipeline that a model is built from; the others are kept as they are. */
export const networkSchema = z.looseObject({
  name: z.string(),
  tokenizer: textOptions,
  embeddings: z.array(kindOf(embeddingKinds)).min(1),
  encoder: z.union([encoderSchema, encodersSchema]),
  decoder: kindOf(decoderKinds),
});

export const modelConfigSchema = z.strictObject({
  schema: z.int().min(1).max(SCHEMA_VERSION),
  /** The version of tagger that wrote it. */
  tagger: z.string(),
  /** The column of the corpus that the model has learnt. */
  label: z.string(),
  /** `bioes` for spans, `none` for labels of single tokens. */
  scheme: z.enum(['bioes', 'none']),
  /** What the decoder tells apart, in order. */
  tags: z.array(z.string()).min(1),
  /** Tokens of the longest sentence that training saw. */
  longest: z.int().min(1).optional(),
  /** Only of a model that reads documents: the most tokens that it reads at once, as many as in training. */
  window: z.int().min(1).optional(),
  /** The whole pipeline, defaults filled in. */
  pipeline: networkSchema,
  corpus: corpusSchema,
  /** sha256 and size in bytes of every other file of the directory. */
  files: z.record(
    z.string().regex(/^\w[\w.-]*$/, 'not the name of a file'),
    z.strictObject({ sha256: z.string(), bytes: z.int() }),
  ),
});

export type ModelConfig = z.output<typeof modelConfigSchema>;

/** The text of `config.json`: the config with its own sha256, since no other file can vouch for it. */
export function sealed(config: ModelConfig): string {
  return `${JSON.stringify({ ...config, sha256: sealOf(config) }, null, 2)}\n`;
}

function sealOf(config: object): string {
  return stampOf(JSON.stringify(config)).sha256;
}

/** Checks the content of `config.json`. Throws E_MODEL where it is of a newer version, altered, or no config. */
export function parseModelConfig(value: unknown, file: string): ModelConfig {
  const version = z.looseObject({ schema: z.int() }).safeParse(value);
  if (version.success && version.data.schema > SCHEMA_VERSION) {
    throw new TaggerError('E_MODEL', {
      message: 'the model was written by a newer version of tagger',
      place: { file, key: 'schema' },
      expected: `schema version ${SCHEMA_VERSION} or older`,
      found: String(version.data.schema),
      hint: 'update tagger',
    });
  }
  const { sha256, ...content } = z.looseObject({ sha256: z.string().optional() }).catch({}).parse(value);
  if (sha256 !== sealOf(content)) {
    throw new TaggerError('E_MODEL', {
      message: 'this file of the model was altered',
      place: { file },
      expected: `sha256 ${sha256 ?? 'of itself'}`,
      found: `sha256 ${sealOf(content)}`,
      hint: 'copy the model again, all of it',
    });
  }
  const config = modelConfigSchema.safeParse(content);
  if (!config.success) throw new TaggerError('E_MODEL', problemsOf(config.error, file));
  return config.data;
}

export function problemsOf(error: z.ZodError, file: string): Problem[] {
  return error.issues.map(({ message, path }) => ({ message, place: { file, key: path.join('.') } }));
}
