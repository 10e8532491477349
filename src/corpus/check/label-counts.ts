/** How often each label occurs in each split, and how many of its entities train has shown already. */
import type { Scheme } from '../../text/schemes.js';
import { mentionsOf } from './mentions.js';
import { share } from './sizes.js';
import { type BySplit, bySplit, type CheckedSplit, type HeldOut, heldOut, type Splits } from './splits.js';

/** A label with fewer examples in train is called rare. */
export const rareBelow = 10;

export interface LabelCount {
  readonly label: string;
  /** Spans, or tokens where labels are of single tokens. */
  readonly counts: BySplit<number>;
  /** The share, from 0 to 1, of those whose words train has with this label; absent where the split has none. */
  readonly seen: HeldOut<number | undefined>;
}

/** The most frequent in train first. `scheme`: that of the tags. */
export function labelCountsOf(splits: Splits, scheme: Scheme): LabelCount[] {
  const tallies = bySplit(splits, (split) => tally(split, scheme));
  const labels = new Set([tallies.train, tallies.dev, tallies.test].flatMap((of) => [...(of?.keys() ?? [])]));
  return [...labels]
    .map((label) => {
      const known = tallies.train.get(label);
      return {
        label,
        counts: bySplit(tallies, (of) => total(of.get(label))),
        seen: heldOut(tallies, (of) => seenShare(of.get(label), known)),
      };
    })
    .sort((a, b) => b.counts.train - a.counts.train || (a.label < b.label ? -1 : 1));
}

function seenShare(forms: Forms | undefined, known: Forms | undefined): number | undefined {
  if (forms === undefined) return undefined;
  return share(total(new Map([...forms].filter(([form]) => known?.has(form)))), total(forms));
}

/** How often each form occurs. */
type Forms = Map<string, number>;

function tally({ sentences }: CheckedSplit, scheme: Scheme): Map<string, Forms> {
  const labels = new Map<string, Forms>();
  for (const sentence of sentences) {
    for (const { label, form } of mentionsOf(sentence, scheme)) {
      const forms: Forms = labels.get(label) ?? new Map();
      labels.set(label, forms.set(form, (forms.get(form) ?? 0) + 1));
    }
  }
  return labels;
}

const total = (forms?: Forms): number => [...(forms?.values() ?? [])].reduce((sum, count) => sum + count, 0);
