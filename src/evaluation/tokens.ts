/** Compare tags token by token. */
import { percentage, type TokenScores } from './scores.js';

export type TagColumn = readonly (readonly string[])[];

/** The share of right tags among the tokens that `isCounted` chooses (sentence and token from 0); without it, all. */
export function tokenScores(
  gold: TagColumn,
  predicted: TagColumn,
  isCounted: (sentence: number, token: number) => boolean = () => true,
): TokenScores {
  let tokens = 0;
  let correct = 0;
  for (let sentence = 0; sentence < gold.length; sentence++) {
    for (let token = 0; token < gold[sentence].length; token++) {
      if (!isCounted(sentence, token)) continue;
      tokens++;
      if (gold[sentence][token] === predicted[sentence][token]) correct++;
    }
  }
  return { accuracy: percentage(correct, tokens), tokens };
}
