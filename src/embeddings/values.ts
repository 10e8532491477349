/** A row of a table for every value of a feature, such as the shape of a word: the vocabulary of values, and their table. */
import { z } from 'zod';
import type { Initializer, Table } from '../core/params.js';
import { StringIndex, unitsOf } from '../text/string-index.js';
import type { CreationContext, Sizes } from './embedding.js';

export interface ValueVocabulary {
  /** Values of the rows 1, 2, …; row 0 is any other one. */
  readonly values: readonly string[];
  /** Only while training: the values that occur once. */
  readonly rare?: ReadonlySet<string>;
}

const savedVocabulary = z.strictObject({ values: z.array(z.string()) });

/** What all kinds of this sort do with their vocabulary. */
export const valueVocabulary = {
  sizes: ({ values }: ValueVocabulary): Sizes => ({ rows: values.length + 1, units: unitsOf(values) }),
  save: ({ values }: ValueVocabulary) => ({ json: { values } }),
  load: (_options: unknown, json: unknown): ValueVocabulary => savedVocabulary.parse(json),
};

/** Values by their counts, the frequent ones first; the same value may come several times. */
export function valuesOf(
  counts: Iterable<readonly [value: string, count: number]>,
  minCount: number,
): ValueVocabulary {
  const sums = new Map<string, number>();
  for (const [value, count] of counts) sums.set(value, (sums.get(value) ?? 0) + count);
  const known = [...sums]
    .filter(([, count]) => count >= minCount)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const rare = known.filter(([, count]) => count === 1);
  return { values: known.map(([value]) => value), rare: new Set(rare.map(([value]) => value)) };
}

/** Uniform in ±√(3 / dim), as the vectors of words; zeros for other values, so that one that training never showed adds nothing. */
export const firstRows: Initializer = (values, [, dim], random) => {
  const range = Math.sqrt(3 / dim);
  for (let i = dim; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * range;
};

/** The table, and the row of a value. */
export function claimValues(
  dim: number,
  { rows, units }: Sizes,
  { params, name, vocabulary }: Pick<CreationContext<ValueVocabulary>, 'params' | 'name' | 'vocabulary'>,
): { readonly table: Table; readonly rowOf: (value: string) => number } {
  const table = params.claimTable(`${name}.table`, rows, dim, true, firstRows);
  const index = StringIndex.reserve(params, rows - 1, units, () => vocabulary().values);
  return { table, rowOf: (value) => index.find(value) + 1 };
}
