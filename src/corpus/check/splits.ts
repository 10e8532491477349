/** What a check looks at: the sentences of each split, and a way to say something of every split by its name. */
import type { splitNames } from '../find.js';
import type { Split } from '../labels.js';

export type SplitName = (typeof splitNames)[number];
export type CheckedSplit = Pick<Split, 'sentences' | 'locate'>;

/** Something for each split that there is. */
export interface BySplit<T> extends HeldOut<T> {
  readonly train: T;
}

/** Something for each split that is compared with train. */
export interface HeldOut<T> {
  readonly dev?: T;
  readonly test?: T;
}

/** A single file is checked as `train` alone. */
export type Splits = BySplit<CheckedSplit>;

export function bySplit<T, U>({ train, ...others }: BySplit<T>, of: (value: T) => U): BySplit<U> {
  return { train: of(train), ...heldOut(others, of) };
}

export function heldOut<T, U>({ dev, test }: HeldOut<T>, of: (value: T) => U): HeldOut<U> {
  return { ...(dev !== undefined && { dev: of(dev) }), ...(test !== undefined && { test: of(test) }) };
}

/** In order, those that there are. */
export function entriesOf<T>({ train, dev, test }: Partial<BySplit<T>>): [SplitName, T][] {
  const entries = Object.entries({ train, dev, test }) as [SplitName, T | undefined][];
  return entries.filter((entry): entry is [SplitName, T] => entry[1] !== undefined);
}
