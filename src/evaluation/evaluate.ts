/** Score predicted tags against the annotation. */
import { TaggerError } from '../core/errors.js';
import type { Span } from '../text/document.js';
import { convertTags, type Scheme } from '../text/schemes.js';
import { conllevalSpans } from './conlleval.js';
import { precisionRecall, type Scores, total } from './scores.js';
import { countSpans } from './spans.js';
import { wellFormedSpans } from './strict.js';
import { type TagColumn, tokenScores } from './tokens.js';

export interface EvaluateOptions {
  /** How both columns of tags are written; `none`: labels of single tokens, each counted as a span of its own. */
  readonly scheme: Scheme;
  /** The scheme to count in, by default `scheme`; the strict count keeps to `scheme`. */
  readonly countAs?: Scheme;
  /** The words of the tokens and whether training knew one; both or neither. */
  readonly words?: TagColumn;
  readonly isKnown?: (word: string) => boolean;
}

/**
 * Precision, recall and F1 of spans exactly as the conlleval script counts them, with token accuracy, a strict count
 * and, given `words` and `isKnown`, the accuracy on known and unknown words. E_INTERNAL if lengths differ.
 *
 * @example
 * evaluate([['B-PER', 'I-PER', 'O']], [['B-PER', 'O', 'O']], { scheme: 'bio' }).f1; // 0
 */
export function evaluate(gold: TagColumn, predicted: TagColumn, options: EvaluateOptions): Scores {
  const { scheme, countAs = scheme, words, isKnown } = options;
  checkLengths(gold, predicted);
  const counted = (column: TagColumn) =>
    countAs === scheme ? column : column.map((tags) => convertTags(tags, scheme, countAs));
  const goldTags = counted(gold);
  const predictedTags = counted(predicted);
  const counts = compare(goldTags, predictedTags, (tags) => conllevalSpans(tags, countAs));
  const byLabel = [...counts].map(
    ([label, count]) => [label, { ...precisionRecall(count), ...count }] as const,
  );
  return {
    ...precisionRecall(total(counts.values())),
    ...tokenScores(goldTags, predictedTags),
    byLabel: Object.fromEntries(byLabel),
    sentences: gold.length,
    ...(scheme !== 'none' && {
      strict: precisionRecall(
        total(compare(gold, predicted, (tags) => wellFormedSpans(tags, scheme)).values()),
      ),
    }),
    ...(words && isKnown && knownAndUnknown(goldTags, predictedTags, words, isKnown)),
  };
}

function compare(gold: TagColumn, predicted: TagColumn, read: (tags: readonly string[]) => Span[]) {
  return countSpans(gold.map((tags, i) => ({ gold: read(tags), predicted: read(predicted[i]) })));
}

function knownAndUnknown(
  gold: TagColumn,
  predicted: TagColumn,
  words: TagColumn,
  isKnown: (word: string) => boolean,
): Pick<Scores, 'known' | 'unknown'> {
  checkLengths(gold, words);
  return {
    known: tokenScores(gold, predicted, (sentence, token) => isKnown(words[sentence][token])),
    unknown: tokenScores(gold, predicted, (sentence, token) => !isKnown(words[sentence][token])),
  };
}

function checkLengths(gold: TagColumn, other: TagColumn): void {
  const differs = gold.findIndex((tags, i) => tags.length !== other[i]?.length);
  if (differs < 0 && gold.length === other.length) return;
  const place = differs < 0 ? `${gold.length} and ${other.length} sentences` : `sentence ${differs + 1}`;
  throw new TaggerError('E_INTERNAL', { message: `columns of different length: ${place}` });
}
