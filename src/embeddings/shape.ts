/**
 * The shape of a word, a row of a table for each: capital letters as X, small ones as x, letters without case as o, digits as
 * d, anything else as it is, and of a run of the same no more than two: `USA` XX, `Paris` Xxx, `iPhone` xXxx, `1984` dd, `e.g.`
 * x.x., `3-4` d-d. Two tell one letter from a word of many, which is the difference that more would blur: spaCy's shapes, of up
 * to four, are more and rarer.
 */
import { z } from 'zod';
import { formValue } from './form-value.js';

export const shapeOptions = z.strictObject({
  kind: z.literal('shape'),
  dim: z.int().min(1).max(1024).default(20),
  /** Shapes that are rarer in training count as unknown. */
  minCount: z.int().min(1).default(2),
});

/** What a character of these counts as; the first that fits. Marks belong to the letter before them. */
const classes = [
  [/[\p{Lu}\p{Lt}]/u, 'X'],
  [/\p{Ll}/u, 'x'],
  [/\p{L}/u, 'o'],
  [/\p{Nd}/u, 'd'],
  [/\p{M}/u, ''],
] as const;

const LONGEST_RUN = 2;

export function shapeOf(form: string): string {
  let shape = '';
  let last = '';
  let run = 0;
  for (const char of form) {
    const found = classes.find(([pattern]) => pattern.test(char));
    const part = found ? found[1] : char;
    if (part === '') continue;
    run = part === last ? run + 1 : 1;
    last = part;
    if (run <= LONGEST_RUN) shape += part;
  }
  return shape;
}

export const shape = formValue(
  shapeOptions,
  (_, form) => shapeOf(form),
  ({ dim }) => `shape ${dim}`,
);
