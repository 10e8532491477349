/** What a tagger can be compared with: every baseline, and a transformer, which is a pipeline of its own. */
import { z } from 'zod';
import { baselineKinds } from '../../baselines/index.js';
import { TaggerError } from '../../core/errors.js';
import { kindOf, type OptionsOf } from '../../core/kind.js';
import type { Scheme } from '../../text/schemes.js';

/** See transformer.ts. */
export const transformerOptions = z.strictObject({
  kind: z.literal('transformer'),
  /** Settings over its pipeline, as of `--set`: `encoder.layers=4`, `training.epochs=20`. */
  set: z.array(z.string()).default([]),
});

export const competitorKinds = {
  ...baselineKinds,
  transformer: {
    options: transformerOptions,
    takesSpans: true,
    summary: 'self-attention instead of the encoder, trained from scratch on the same embeddings',
  },
} as const;

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

/** The kinds that can learn labels of this scheme. */
export function fitting(scheme: Scheme): (keyof typeof competitorKinds)[] {
  const kinds = Object.keys(competitorKinds) as (keyof typeof competitorKinds)[];
  return kinds.filter((kind) => scheme === 'none' || competitorKinds[kind].takesSpans);
}
