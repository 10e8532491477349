/** Tables of kinds: every kind has a schema of its options, told from its neighbours by the key `kind`. */
import { z } from 'zod';

export type KindSchema = z.ZodObject<{ kind: z.ZodLiteral<string> }, z.core.$strict>;

type KindTable = Readonly<Record<string, { readonly options: z.ZodType<{ kind: string }> }>>;

/** Options of any kind in a table, defaults filled in. */
export type OptionsOf<T extends KindTable> = z.output<T[keyof T]['options']>;

/** The schema of the options of any kind in a table. */
export function kindOf<T extends KindTable>(table: T): z.ZodType<OptionsOf<T>> {
  // The options of a kind are a strict object with a literal `kind`; a table's type says less than that.
  const options = Object.values(table).map((kind) => kind.options) as unknown as [z.ZodObject];
  return z.discriminatedUnion('kind', options) as unknown as z.ZodType<OptionsOf<T>>;
}
