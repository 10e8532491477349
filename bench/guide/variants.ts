/** What the guide compares: every encoder with every decoder, each with the training that suits it. One line a variant. */

export interface Variant {
  /** As the guide calls it. */
  readonly name: string;
  /** Settings over a pipeline, as of `--set`. */
  readonly set: readonly string[];
}

/**
 * One recipe for all, with the rate that suits the encoder: within a point on dev of what plain SGD reaches in three times as
 * many epochs where there are gates, and far above it where there are none.
 */
const adam = (rate: number): readonly string[] => [
  `training.optimizer={ kind: adamw, rate: ${rate} }`,
  'training.schedule={ kind: linear, warmup: 0.1 }',
  'training.clip=1',
];
const recurrent = adam(0.003);
const stacked = adam(0.001);

const encoders: readonly Variant[] = [
  { name: 'rnn', set: ['encoder={ kind: rnn }', ...recurrent] },
  { name: 'gru', set: ['encoder={ kind: gru }', ...recurrent] },
  { name: 'lstm', set: ['encoder={ kind: lstm }', ...recurrent] },
  { name: 'gru forward', set: ['encoder={ kind: gru, direction: forward, units: 200 }', ...recurrent] },
  { name: 'cnn', set: ['encoder={ kind: cnn, filters: 200, blocks: 2 }', ...stacked] },
  { name: 'transformer', set: ['encoder={ kind: transformer, units: 200 }', ...stacked] },
  {
    name: 'cnn → lstm',
    set: ['encoder=[{ kind: cnn, filters: 200, blocks: 1 }, { kind: lstm }]', ...stacked],
  },
];

const decoders = ['crf', 'softmax'] as const;

export const variants: readonly Variant[] = encoders.flatMap(({ name, set }) =>
  decoders.map((decoder) => ({ name: `${name}, ${decoder}`, set: [...set, `decoder=${decoder}`] })),
);

/** With the epochs of each; the first is the one that speeds are measured on. */
export const pipelines: Readonly<Record<string, number>> = { wnut17: 15, bc5cdr: 10, 'ewt-upos': 6 };
