/** Everything that is counted in a corpus, theme by theme. */
import type { Scheme } from '../../text/schemes.js';
import { type Inconsistencies, inconsistenciesOf } from './consistency.js';
import { type LabelCount, labelCountsOf } from './label-counts.js';
import { type Lengths, lengthsOf } from './lengths.js';
import { type OddTokens, oddTokensOf } from './odd-tokens.js';
import { duplicatesOf, leakageOf, type Repeats } from './repeats.js';
import { type Size, sizesOf } from './sizes.js';
import type { BySplit, HeldOut, Splits } from './splits.js';

export interface CorpusFindings {
  /** Whether labels are of spans, else of single tokens. */
  readonly ofSpans: boolean;
  readonly sizes: BySplit<Size>;
  readonly lengths: BySplit<Lengths>;
  readonly labels: readonly LabelCount[];
  readonly duplicates: BySplit<Repeats>;
  readonly leakage: HeldOut<Repeats>;
  /** Of train. */
  readonly inconsistencies: { readonly asWritten: Inconsistencies; readonly lowerCase: Inconsistencies };
  readonly oddTokens: OddTokens;
}

/** `scheme`: that of the tags of the splits, BIOES or `none`. */
export function findingsOf(splits: Splits, scheme: Scheme): CorpusFindings {
  const { sentences } = splits.train;
  return {
    ofSpans: scheme !== 'none',
    sizes: sizesOf(splits),
    lengths: lengthsOf(splits),
    labels: labelCountsOf(splits, scheme),
    duplicates: duplicatesOf(splits),
    leakage: leakageOf(splits),
    inconsistencies: {
      asWritten: inconsistenciesOf(sentences, scheme),
      lowerCase: inconsistenciesOf(sentences, scheme, (word) => word.toLowerCase()),
    },
    oddTokens: oddTokensOf(splits),
  };
}
