/** The table of averages of the weights. */
import { z } from 'zod';
import type { KindSchema, OptionsOf } from '../../core/kind.js';
import type { Average, AverageContext, AverageKind } from './average.js';
import { ema } from './ema.js';
import { swa } from './swa.js';

export type { Average, StepOfEpoch } from './average.js';

const noneOptions = z.strictObject({ kind: z.literal('none') });

/** The weights themselves are scored and saved. */
const none: AverageKind<typeof noneOptions> = { options: noneOptions, create: () => undefined };

/** One line a kind of average. */
export const averageKinds = { none, ema, swa } as const;

export type AverageOptions = OptionsOf<typeof averageKinds>;

/** The average of options. Their own schema has checked them, which the compiler cannot follow through the table. */
export function averageOf(options: AverageOptions, context: AverageContext): Average | undefined {
  const kind = averageKinds[options.kind] as unknown as AverageKind<KindSchema>;
  return kind.create(options, context);
}
