/** What a tagger can be compared with: every baseline, and a transformer, which is a pipeline of its own. */
import { z } from 'zod';
import { baselineKinds } from '../../baselines/index.js';
import { TaggerError } from '../../core/errors.js';
import { kindOf, type OptionsOf } from '../../core/kind.js';
import type { Scheme } from '../../text/schemes.js';

/** See transformer.ts. */
export const transformerOptions = z.strictObject({
  kind: z.literal('transformer'),
  /** One of the BERT family to fine-tune, as of the embedding `bert`; without, it is trained from scratch. */
  checkpoint: z.string().min(1).optional(),
  /** Settings over its pipeline, as of `--set`: `encoder.layers=4`, `training.epochs=20`. */
  set: z.array(z.string()).default([]),
});

/** See onnx-system.ts. */
export const onnxOptions = z.strictObject({
  kind: z.literal('onnx'),
  /** A folder, or the id of a model on the Hugging Face hub. */
  model: z.string().min(1),
  /** What its labels are called in the corpus: `PERSON: PER`, or `O` for what is not annotated there. */
  labels: z.record(z.string(), z.string()).default({}),
  /** Which of its files: `q8` is `onnx/model_quantized.onnx`. */
  dtype: z.enum(['fp32', 'fp16', 'q8']).default('fp32'),
});

export const competitorKinds = {
  ...baselineKinds,
  transformer: {
    options: transformerOptions,
    takesSpans: true,
    summary: 'a transformer, from scratch on the same embeddings or fine-tuned from a checkpoint',
  },
  onnx: {
    options: onnxOptions,
    takesSpans: true,
    summary: 'a finished token classifier, run by transformers.js',
  },
} as const;

export type CompetitorName = keyof typeof competitorKinds;
export type CompetitorOptions = OptionsOf<typeof competitorKinds>;

export const competitorSchema: z.ZodType<CompetitorOptions> = kindOf(competitorKinds);

export const competitorsSchema = z.array(competitorSchema).default([]);

/** Throws E_CONFIG where a kind cannot learn such labels: before anything is trained. */
export function refuseUnfit(competitors: readonly CompetitorOptions[], scheme: Scheme): void {
  if (scheme === 'none') return;
  const unfit = competitors.find(({ kind }) => !competitorKinds[kind].takesSpans);
  if (!unfit) return;
  throw new TaggerError('E_CONFIG', {
    message: `${unfit.kind} tags single tokens, such as parts of speech, and no spans`,
    place: { key: 'baselines' },
    expected: fitting(scheme).join(', '),
    found: unfit.kind,
  });
}

/** The kinds that can learn labels of this scheme, and need not be told more. */
export function fitting(scheme: Scheme): CompetitorName[] {
  const kinds = Object.keys(competitorKinds) as CompetitorName[];
  const isComplete = (kind: CompetitorName) => competitorSchema.safeParse({ kind }).success;
  return kinds.filter((kind) => isComplete(kind) && (scheme === 'none' || competitorKinds[kind].takesSpans));
}
