/** Small splits by hand: `Ada/S-PER sails .`, a string a sentence; a token without a tag has `O`. */
import type { CheckedSplit } from '../../../src/corpus/check/splits.js';

export function split(...sentences: string[]): CheckedSplit {
  return {
    sentences: sentences.map((text) => {
      const pairs = text.split(' ').map((pair) => pair.split('/'));
      return { tokens: pairs.map(([token]) => token), tags: pairs.map(([, tag]) => tag ?? 'O') };
    }),
  };
}
