/** What the guide compares: every encoder with every decoder, each with the training that suits it. One line a variant. */

export interface Variant {
  /** As the guide calls it. */
  readonly name: string;
  /** Settings over a pipeline, as of `--set`. */
  readonly set: readonly string[];
}

/** The recipe of NCRF++, which the pipelines have, fits everything recurrent. */
const recurrent: readonly string[] = [];
/** Layers without gates learn little from plain SGD: Adam, decoupled weight decay, a warm-up and a fall to nothing. */
const adam = (rate: number): readonly string[] => [
  `training.optimizer={ kind: adamw, rate: ${rate} }`,
  'training.schedule={ kind: linear, warmup: 0.1 }',
  'training.clip=5',
];

const encoders: readonly Variant[] = [
  { name: 'rnn', set: ['encoder={ kind: rnn }', ...recurrent] },
  { name: 'gru', set: ['encoder={ kind: gru }', ...recurrent] },
  { name: 'lstm', set: ['encoder={ kind: lstm }', ...recurrent] },
  { name: 'gru forward', set: ['encoder={ kind: gru, direction: forward, units: 200 }', ...recurrent] },
  { name: 'cnn', set: ['encoder={ kind: cnn, filters: 200 }', ...adam(0.001)] },
  { name: 'transformer', set: ['encoder={ kind: transformer, units: 200 }', ...adam(0.001)] },
  {
    name: 'cnn → lstm',
    set: ['encoder=[{ kind: cnn, filters: 200, blocks: 1 }, { kind: lstm }]', ...adam(0.001)],
  },
];

const decoders = ['crf', 'softmax'] as const;

export const variants: readonly Variant[] = encoders.flatMap(({ name, set }) =>
  decoders.map((decoder) => ({ name: `${name}, ${decoder}`, set: [...set, `decoder=${decoder}`] })),
);

export const pipelines = ['ewt-upos', 'bc5cdr', 'wnut17'] as const;
