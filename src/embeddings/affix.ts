/**
 * The first or last characters of a word, a row of a table for each: in lower case, since `shape` tells of case, and with digits
 * as 0. A word that is shorter is its own affix.
 */
import { z } from 'zod';
import { formValue } from './form-value.js';

export const affixOptions = z.strictObject({
  kind: z.literal('affix'),
  side: z.enum(['prefix', 'suffix']).default('suffix'),
  /** Characters (code points). */
  length: z.int().min(1).max(10).default(3),
  dim: z.int().min(1).max(1024).default(20),
  /** Affixes that are rarer in training count as unknown. */
  minCount: z.int().min(1).default(2),
});

type AffixOptions = z.infer<typeof affixOptions>;

const cutters = {
  prefix: (characters: readonly string[], length: number) => characters.slice(0, length),
  suffix: (characters: readonly string[], length: number) => characters.slice(-length),
};

export function affixOf({ side, length }: Pick<AffixOptions, 'side' | 'length'>, form: string): string {
  const characters = Array.from(form.toLowerCase().replace(/\p{Nd}/gu, '0'));
  return cutters[side](characters, length).join('');
}

export const affix = formValue(
  affixOptions,
  affixOf,
  ({ side, length, dim }) => `${side} ${length} → ${dim}`,
);
