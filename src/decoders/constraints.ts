/** What a decoder does with the rules of a tag scheme: keeps them, or for comparison does not know them. */
import { z } from 'zod';
import type { Constraints } from './decoder.js';

/** Whether sequences that the scheme forbids are impossible. */
export const constrained = z.boolean().default(true);

/** The constraints, or those that allow everything. */
export function constraintsOf(
  options: { readonly constrained: boolean },
  k: number,
  constraints: Constraints,
): Constraints {
  if (options.constrained) return constraints;
  const all = new Array<boolean>(k).fill(true);
  return { start: all, end: all, pairs: all.map(() => all) };
}
