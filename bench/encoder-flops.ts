/**
 * Floating-point operations of an encoder's forward pass, counted from its shapes: the multiplications and additions of its
 * matrix products, and nothing else. Training has three of each: forward, gradient of the input, gradient of the weights. What is
 * not computed does not count: there is no recurrence at the first token of a sentence, and no tap beyond its ends.
 */
import type { EncoderConfig, EncoderOptions as Options } from '../dist/encoders/index.js';

type Of<Kind extends Options['kind']> = Extract<Options, { kind: Kind }>;

export interface Counted {
  readonly flops: number;
  readonly width: number;
}

/** Of sentences with these lengths, whose tokens have `input` columns. */
type Count<Kind extends Options['kind']> = (
  options: Of<Kind>,
  input: number,
  lengths: readonly number[],
) => Counted;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Gates are products with the input and with the state before, of the units each. */
const recurrent =
  (gates: number) =>
  (
    { units, layers, direction }: Of<'rnn' | 'lstm' | 'gru'>,
    input: number,
    lengths: readonly number[],
  ): Counted => {
    const tokens = sum(lengths);
    const directions = direction === 'both' ? 2 : 1;
    const width = units * directions;
    const ofLayer = (columns: number) =>
      2 * directions * gates * units * (tokens * columns + (tokens - lengths.length) * units);
    return { flops: ofLayer(input) + (layers - 1) * ofLayer(width), width };
  };

const cnn: Count<'cnn'> = ({ filters, width, dilations, blocks }, input, lengths) => {
  /** Rows that the taps of a convolution read, all taps together. */
  const rows = (dilation: number) => {
    let read = 0;
    for (let tap = -(width >> 1); tap <= width >> 1; tap++) {
      read += sum(lengths.map((length) => Math.max(0, length - Math.abs(tap) * dilation)));
    }
    return read;
  };
  const block = sum(dilations.map((dilation) => 2 * rows(dilation) * filters * filters));
  return { flops: 2 * rows(1) * input * filters + blocks * block, width: filters };
};

/** Attention: queries, keys, values and output of every token, and two products of every pair of tokens. */
const transformer: Count<'transformer'> = ({ units, layers, feedForward }, input, lengths) => {
  const tokens = sum(lengths);
  const pairs = sum(lengths.map((length) => length * length));
  const layer = 2 * tokens * units * (4 * units + 2 * feedForward) + 2 * 2 * pairs * units;
  return { flops: (input === units ? 0 : 2 * tokens * input * units) + layers * layer, width: units };
};

const counts: { readonly [Kind in Options['kind']]: Count<Kind> } = {
  rnn: recurrent(1),
  gru: recurrent(3),
  lstm: recurrent(4),
  cnn,
  transformer,
  none: (_, input) => ({ flops: 0, width: input }),
};

/** Of one encoder, or of a list whose links read what the one before says. */
export function encoderFlops(config: EncoderConfig, input: number, lengths: readonly number[]): Counted {
  const links: readonly Options[] = [config].flat();
  return links.reduce(
    (before, link) => {
      const { flops, width } = (counts[link.kind] as unknown as Count<Options['kind']>)(
        link,
        before.width,
        lengths,
      );
      return { flops: before.flops + flops, width };
    },
    { flops: 0, width: input },
  );
}
