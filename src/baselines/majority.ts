/**
 * The most frequent tag of the word in train; for a word that train does not have, that of the whole corpus. Of tags that are
 * equally frequent the one seen first. It looks at no context, so what it says of spans is made valid afterwards.
 */
import { z } from 'zod';
import type { BaselineKind } from './baseline.js';
import { repair } from './repair.js';
import { tagSetOf } from './tag-set.js';
import { countWordTags, mostFrequent } from './word-tags.js';
import { jsonBytes } from './written-size.js';

export const majorityOptions = z.strictObject({ kind: z.literal('majority') });

export const majority: BaselineKind<typeof majorityOptions> = {
  options: majorityOptions,
  takesSpans: true,
  summary: 'the most frequent tag of each word',

  async *train(_, task) {
    const tags = tagSetOf(task);
    const { words, all } = await countWordTags(task);
    const tagOf = new Map(Array.from(words, ([word, counts]) => [word, mostFrequent(counts)]));
    const usual = mostFrequent(all);
    yield { kind: 'progress', text: `${tagOf.size} words, all others ${usual}` };
    return {
      parameters: tagOf.size + 1,
      bytes: jsonBytes([usual, ...tagOf]),
      tag: (sentences) =>
        sentences.map(({ tokens }) =>
          repair(
            tokens.map((word) => tagOf.get(word) ?? usual),
            tags,
          ),
        ),
    };
  },
};
