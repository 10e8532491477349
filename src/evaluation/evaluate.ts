/** Score predicted tags against the annotation. */
import type { SpanScheme } from '../text/schemes.js';
import { type CountOptions, checkLengths, comparedSpans, countedTags } from './compared.js';
import { type PrecisionRecall, precisionRecall, type Scores, total } from './scores.js';
import { countSpans } from './spans.js';
import { wellFormedSpans } from './strict.js';
import { type TagColumn, tokenScores } from './tokens.js';

/** The strict count keeps to `scheme`. */
export interface EvaluateOptions extends CountOptions {
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
  const { scheme, words, isKnown } = options;
  const counts = countSpans(comparedSpans(gold, predicted, options));
  const goldTags = countedTags(gold, options);
  const predictedTags = countedTags(predicted, options);
  const byLabel = [...counts].map(
    ([label, count]) => [label, { ...precisionRecall(count), ...count }] as const,
  );
  return {
    ...precisionRecall(total(counts.values())),
    ...tokenScores(goldTags, predictedTags),
    byLabel: Object.fromEntries(byLabel),
    sentences: gold.length,
    ...(scheme !== 'none' && { strict: strictScores(gold, predicted, scheme) }),
    ...(words && isKnown && knownAndUnknown(goldTags, predictedTags, words, isKnown)),
  };
}

function strictScores(gold: TagColumn, predicted: TagColumn, scheme: SpanScheme): PrecisionRecall {
  const read = (tags: readonly string[]) => wellFormedSpans(tags, scheme);
  const spans = gold.map((tags, s) => ({ gold: read(tags), predicted: read(predicted[s]) }));
  return precisionRecall(total(countSpans(spans).values()));
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
