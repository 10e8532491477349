/** Scores as text: the lines of the conlleval script, then what it does not know. */
import { type PrecisionRecall, type Scores, type TokenScores, total } from './scores.js';

/** As the conlleval script prints them, byte for byte. Ends with a line break. */
export function formatConlleval(scores: Scores): string {
  const { gold, predicted, correct } = total(Object.values(scores.byLabel));
  const lines = [
    `processed ${scores.tokens} tokens with ${gold} phrases; found: ${predicted} phrases; correct: ${correct}.`,
    `accuracy: ${percent(scores.accuracy)}%; ${formatShares(scores)}`,
    ...Object.entries(scores.byLabel).map(
      ([label, of]) => `${label.padStart(17)}: ${formatShares(of)}  ${of.predicted}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The table of {@link formatConlleval}, then a line each for strict counting and for known and unknown words. */
export function formatScores(scores: Scores): string {
  const { strict, known, unknown } = scores;
  const extra = [
    strict && line('strict', formatShares(strict)),
    known && line('known words', formatTokens(known)),
    unknown && line('unknown words', formatTokens(unknown)),
  ];
  return formatConlleval(scores) + extra.filter((text) => text !== undefined).join('');
}

const line = (name: string, text: string): string => `${name.padStart(17)}: ${text}\n`;

function formatShares({ precision, recall, f1 }: PrecisionRecall): string {
  return `precision: ${percent(precision)}%; recall: ${percent(recall)}%; FB1: ${percent(f1)}`;
}

function formatTokens({ accuracy, tokens }: TokenScores): string {
  return `accuracy: ${percent(accuracy)}%; ${tokens} tokens`;
}

/** As `%6.2f` of C and Perl, which round a tie (0.125) to the even digit; `toFixed` rounds it up. */
function percent(value: number): string {
  const isTie = (value * 8) % 2 === 1;
  const rounded = isTie ? (2 * Math.round((value * 100) / 2)) / 100 : value;
  return rounded.toFixed(2).padStart(6);
}
