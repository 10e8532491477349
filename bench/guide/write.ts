/** The text of `docs/choosing-a-model.md` from figures: every number and every recommendation in it is measured. */
import { absent, signed } from '../../dist/report/figures.js';
import { best } from '../measure.js';
import { whole } from '../table.js';
import { type Choice, choices, mean, worthOf } from './choices.js';
import type { Figures } from './figures.js';
import type { Speeds } from './speeds.js';
import { pipelines as epochs } from './variants.js';

function spread(values: readonly number[]): string {
  if (values.length === 0) return absent;
  const centre = mean(values);
  if (values.length === 1) return centre.toFixed(2);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return `${centre.toFixed(2)} ± ${Math.sqrt(squares / (values.length - 1)).toFixed(2)}`;
}

const epochsOf = (names: readonly string[]): string =>
  names.map((name) => `${name} ${epochs[name] ?? '–'}`).join(', ');

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export function guideOf(figures: readonly Figures[], speeds: readonly Speeds[]): string {
  const pipelines = [...new Set(figures.map(({ pipeline }) => pipeline))];
  const variants = [...new Set(figures.map(({ variant }) => variant))];
  const of = (variant: string) => figures.filter((one) => one.variant === variant);
  const scoresOf = (variant: string, split: 'dev' | 'test') =>
    pipelines.map((pipeline) => spread(of(variant).find((one) => one.pipeline === pipeline)?.[split] ?? []));
  const worth = (choice: Choice, name: string) => {
    const points = worthOf(
      choice,
      figures.filter(({ pipeline }) => pipeline === name),
    );
    return points === undefined ? absent : signed(points);
  };
  const seeds = Math.max(0, ...figures.map(({ dev }) => dev.length));
  return [
    '# Choosing a model',
    '',
    'Which encoder and which decoder? This page is written by `npm run guide`, which trains every one of them and measures: no figure here is from',
    'elsewhere, and no advice is a rule of thumb. Your corpus may differ; a `search:` section in a pipeline tries encoders on it ([README](../README.md#search)).',
    '',
    `${seeds === 1 ? 'One seed' : `${seeds} seeds`}, mean ± standard deviation of the sample; the model of the best epoch on dev, test scored once.`,
    `All are trained by one recipe, AdamW with a linear fall in few epochs (${epochsOf(pipelines)}; \`bench/guide/variants.ts\` has every setting), which compares them within hours.`,
    'It is not the best for each: [Quality](quality.md) has what the pipelines reach.',
    '',
    '## In short',
    '',
    ...table(['you want', 'take', 'because, on the corpora below'], adviceOf(standingsOf(figures, speeds))),
    '',
    '## Accuracy',
    '',
    'F1 of entities, or accuracy of parts of speech, on test.',
    '',
    ...table(
      ['encoder, decoder', ...pipelines],
      variants.map((variant) => [variant, ...scoresOf(variant, 'test')]),
    ),
    '',
    'The same on dev, which chose the epochs:',
    '',
    ...table(
      ['encoder, decoder', ...pipelines, 'best epochs'],
      variants.map((variant) => [
        variant,
        ...scoresOf(variant, 'dev'),
        of(variant)
          .map(({ epochs }) => epochs.join(' '))
          .join(' · '),
      ]),
    ),
    '',
    '## What a choice is worth',
    '',
    'In points on test, the mean over all pairs of the table that differ in this alone:',
    '',
    ...table(
      ['choice', ...pipelines],
      choices.map((choice) => [choice.choice, ...pipelines.map((name) => worth(choice, name))]),
    ),
    '',
    ...speedSection(figures, speeds),
  ].join('\n');
}

function speedSection(figures: readonly Figures[], speeds: readonly Speeds[]): string[] {
  if (speeds.length === 0) return [];
  const [{ speed }] = speeds;
  return [
    '## Speed and size',
    '',
    `On ${speed} and ${[...new Set(speeds.map(({ machine }) => machine))].join(' / ')}: tokens a second of training and of tagging, on one thread and of the whole network with embeddings and decoder, one after the other;`,
    'parameters and bytes of the model with its vectors, which are most of it; microseconds of one step of a stream, where the encoder reads forward alone.',
    '',
    ...table(
      ['encoder, decoder', 'training', 'tagging', 'parameters', 'on disk', 'µs a step'],
      standingsOf(
        figures.filter(({ pipeline }) => pipeline === speed),
        speeds,
      ).map((one) => [
        one.variant,
        whole(one.training),
        whole(one.tagging),
        whole(one.parameters),
        megabytes(one.bytes),
        one.streamStep === undefined ? '–' : one.streamStep.toFixed(0),
      ]),
    ),
    '',
  ];
}

/** Of a variant; scores and sizes are means over the corpora. */
interface Standing {
  readonly variant: string;
  readonly dev: number;
  readonly tagging: number;
  readonly training: number;
  readonly parameters: number;
  readonly bytes: number;
  readonly streamStep?: number;
}

function standingsOf(figures: readonly Figures[], speeds: readonly Speeds[]): Standing[] {
  return speeds.flatMap(({ variant, trainingTokensPerSecond, taggingTokensPerSecond, streamStep }) => {
    const own = figures.filter((one) => one.variant === variant);
    if (own.length === 0) return [];
    return {
      variant,
      dev: mean(own.map(({ dev }) => mean(dev))),
      tagging: taggingTokensPerSecond,
      training: trainingTokensPerSecond,
      parameters: mean(own.map(({ parameters }) => parameters)),
      bytes: mean(own.map(({ bytes }) => bytes)),
      streamStep,
    };
  });
}

/** Points on dev that seeds alone make. */
const HAIR = 0.5;

/** Chosen by dev, as one must; of what is about as good, the faster one. */
function adviceOf(standings: readonly Standing[]): string[][] {
  if (standings.length === 0) return [];
  const top = maximum(standings, ({ dev }) => dev);
  const near = (points: number) => standings.filter(({ dev }) => dev >= top.dev - points);
  const quick = maximum(near(1), ({ tagging }) => tagging);
  const trained = maximum(near(1), ({ training }) => training);
  const streaming = standings.filter(({ streamStep }) => streamStep !== undefined);
  const equals = near(HAIR).flatMap((one) => (one === top ? [] : one.variant));
  const because = (one: Standing, what: string) =>
    one === top ? 'none of those within a point is better in this' : `${what}; ${against(one)}`;
  const against = ({ dev }: Standing) => `${signed(dev - top.dev)} points on dev against the best`;
  return [
    [
      'the best tags',
      top.variant,
      `the highest mean on dev, ${top.dev.toFixed(2)}; within half a point: ${equals.join('; ') || 'none'}`,
    ],
    [
      'speed, for a point at most',
      quick.variant,
      because(quick, `${whole(quick.tagging)} tokens/s against ${whole(top.tagging)}`),
    ],
    [
      'short trainings, for a point at most',
      trained.variant,
      because(trained, `${whole(trained.training)} tokens/s against ${whole(top.training)}`),
    ],
    ...(streaming.length > 0
      ? [
          streamAdvice(
            maximum(streaming, ({ dev }) => dev),
            against,
          ),
        ]
      : []),
  ];
}

function streamAdvice(one: Standing, against: (one: Standing) => string): string[] {
  return [
    'tags while the text comes',
    one.variant,
    `${one.streamStep?.toFixed(0)} µs a token in constant memory; ${against(one)}`,
  ];
}

function maximum<T>(items: readonly T[], value: (item: T) => number): T {
  const most = best(items.map(value));
  return items.find((item) => value(item) === most) as T;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
