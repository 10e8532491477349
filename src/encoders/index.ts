/** One line a kind of encoder; and what the config of a network may have: one of them, or a list, each reading the one before. */
import { z } from 'zod';
import { type KindSchema, kindOf, type OptionsOf } from '../core/kind.js';
import type { Params } from '../core/params.js';
import { chain } from './chain.js';
import { cnn } from './cnn.js';
import type { Encoder, EncoderKind } from './encoder.js';
import { gru } from './gru.js';
import { lstm } from './lstm.js';
import { none } from './none.js';
import { rnn } from './rnn.js';
import { transformer } from './transformer.js';

export type { Encoder, EncoderKind } from './encoder.js';

export const encoderKinds = {
  rnn,
  lstm,
  gru,
  cnn,
  transformer,
  none,
} as const;

export type EncoderOptions = OptionsOf<typeof encoderKinds>;
export type EncoderConfig = EncoderOptions | readonly EncoderOptions[];

export const encoderSchema = kindOf(encoderKinds);
/** A chain of encoders. */
export const encodersSchema = z.array(encoderSchema).min(1);

/** The names of its parameters begin with `name`; in a list with `name.0`, `name.1`, … */
export function createEncoder(config: EncoderConfig, input: number, params: Params, name: string): Encoder {
  if (!isList(config)) return kindFor(config).create(config, input, params, name);
  let width = input;
  const links = config.map((options, i) => {
    const link = createEncoder(options, width, params, `${name}.${i}`);
    width = link.width;
    return link;
  });
  return chain(links);
}

/** One line for the log. */
export function describeEncoder(config: EncoderConfig): string {
  const links = isList(config) ? config : [config];
  return links.map((options) => kindFor(options).describe(options)).join(' → ');
}

const isList = (config: EncoderConfig): config is readonly EncoderOptions[] => Array.isArray(config);

/** The kind that options belong to. Its own schema has checked them, which the compiler cannot follow through a table. */
function kindFor(options: EncoderOptions): EncoderKind<KindSchema> {
  return encoderKinds[options.kind] as unknown as EncoderKind<KindSchema>;
}
