/**
 * A hidden Markov model of second order, as TnT (Brants 2000): trigrams of tags, words given their tags, endings for words that
 * train does not have, and the exact best sequence. Unlike TnT it keeps no capital letters in its states, prunes no path, and
 * counts the end of a sentence as an outcome of the trigram.
 */
import { z } from 'zod';
import type { BaselineKind } from '../baseline.js';
import { inTurns } from '../in-turns.js';
import { tagSetOf } from '../tag-set.js';
import { countWordTags } from '../word-tags.js';
import { jsonBytes } from '../written-size.js';
import { Transitions } from './transitions.js';
import { Trigrams } from './trigrams.js';
import { bestTags } from './viterbi.js';
import { Words } from './words.js';

export const hmmOptions = z.strictObject({
  kind: z.literal('hmm'),
  /** Characters of the longest ending. */
  suffix: z.int().min(0).max(20).default(10),
  /** Endings are learnt from words that train has no more often than this. */
  rare: z.int().min(1).default(10),
});

export const hmm: BaselineKind<typeof hmmOptions> = {
  options: hmmOptions,
  takesSpans: true,
  summary: 'trigrams of tags and the suffixes of unknown words, with Viterbi',

  async *train(options, task) {
    const tags = tagSetOf(task);
    const counts = await countWordTags(task);
    const trigrams = new Trigrams(tags.names.length);
    for await (const sentences of inTurns(task.train, task.signal)) {
      for (const sentence of sentences) trigrams.add(sentence.tags.map(tags.numberOf));
    }
    const weights = trigrams.interpolate().map((weight) => weight.toFixed(3));
    yield { kind: 'progress', text: `weights of one, two and three tags: ${weights.join(', ')}` };

    const words = new Words(options, tags, counts);
    const { after } = new Transitions(trigrams, tags.allowed);
    const { edge } = trigrams;
    const tag = (tokens: readonly string[]): string[] => {
      const found =
        bestTags(
          tokens.map((word) => words.choices(word)),
          after,
          edge,
        ) ??
        // Spans may be broken with the tags that train has the words with: then words may have any.
        bestTags(
          tokens.map((word) => words.allChoices(word)),
          after,
          edge,
        );
      return found!.map((number) => tags.names[number]);
    };
    return {
      parameters: trigrams.size + words.size,
      bytes: jsonBytes([tags.names, trigrams, words]),
      tag: (sentences) => sentences.map(({ tokens }) => tag(tokens)),
    };
  },
};
