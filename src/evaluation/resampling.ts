/** Micro F1 of two systems on test sets drawn from one: the loops of the tests of significance. */
import type { Random } from '../core/random.js';
import type { SentenceCounts } from './sentence-counts.js';

/** In percent; 0 of nothing. `sides`: spans of the annotation and of the prediction together. */
export const f1Of = (correct: number, sides: number): number => (sides === 0 ? 0 : (200 * correct) / sides);

/**
 * Scores of both systems on test sets of as many sentences, drawn with replacement, the same for both; f64 [resamples],
 * in percent.
 */
export function bootstrapScores(
  first: SentenceCounts,
  second: SentenceCounts,
  resamples: number,
  random: Random,
): { readonly first: Float64Array; readonly second: Float64Array } {
  const sentences = first.gold.length;
  const rows = rowsOf(first, second);
  const scores = { first: new Float64Array(resamples), second: new Float64Array(resamples) };
  for (let r = 0; r < resamples; r++) {
    let [correct1, sides1, correct2, sides2] = [0, 0, 0, 0];
    for (let i = 0; i < sentences; i++) {
      const row = 4 * random.below(sentences);
      correct1 += rows[row];
      sides1 += rows[row + 1];
      correct2 += rows[row + 2];
      sides2 += rows[row + 3];
    }
    scores.first[r] = f1Of(correct1, sides1);
    scores.second[r] = f1Of(correct2, sides2);
  }
  return scores;
}

/** As many decisions as a random number of 24 bits has. */
const coins = 24;

/**
 * Differences, first − second, f64 [resamples], in percentage points, with the predictions of each sentence exchanged
 * between the systems or not, as a coin falls.
 */
export function exchangedDifferences(
  first: SentenceCounts,
  second: SentenceCounts,
  resamples: number,
  random: Random,
): Float64Array {
  const rows = rowsOf(first, second);
  const [correct1, sides1, correct2, sides2] = [0, 1, 2, 3].map((column) => sumOf(rows, column));
  const gains = gainsOf(rows);
  const differences = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let [correct, sides] = [0, 0];
    for (let from = 0; from < gains.length; from += 2 * coins) {
      const to = Math.min(gains.length, from + 2 * coins);
      let bits = random.below(2 ** coins);
      for (let i = from; i < to; i += 2) {
        // All ones or none: a branch that falls either way at random costs more than the sums.
        const mask = -(bits & 1);
        correct += gains[i] & mask;
        sides += gains[i + 1] & mask;
        bits >>= 1;
      }
    }
    differences[r] = f1Of(correct1 - correct, sides1 - sides) - f1Of(correct2 + correct, sides2 + sides);
  }
  return differences;
}

/** i32 [sentences × 4]: correct and sides of the first, then of the second, beside each other in memory. */
function rowsOf(first: SentenceCounts, second: SentenceCounts): Int32Array {
  const rows = new Int32Array(4 * first.gold.length);
  for (let s = 0; s < first.gold.length; s++) {
    rows[4 * s] = first.correct[s];
    rows[4 * s + 1] = first.gold[s] + first.predicted[s];
    rows[4 * s + 2] = second.correct[s];
    rows[4 * s + 3] = second.gold[s] + second.predicted[s];
  }
  return rows;
}

function sumOf(rows: Int32Array, column: number): number {
  let sum = 0;
  for (let i = column; i < rows.length; i += 4) sum += rows[i];
  return sum;
}

/** i32 [sentences × 2]: by how much the first has more correct, and sides; only sentences where an exchange changes anything. */
function gainsOf(rows: Int32Array): Int32Array {
  const gains: number[] = [];
  for (let row = 0; row < rows.length; row += 4) {
    const correct = rows[row] - rows[row + 2];
    const sides = rows[row + 1] - rows[row + 3];
    if (correct !== 0 || sides !== 0) gains.push(correct, sides);
  }
  return Int32Array.from(gains);
}
