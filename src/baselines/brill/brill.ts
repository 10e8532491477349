/**
 * The Brill tagger of the package `natural` (Brill 1992): the most frequent tag of the word, then rules that correct it by its
 * neighbours. It tags from left to right and applies all rules to a token before it goes on, so that rules see corrected tags on
 * their left alone. Lexicon and rules are learnt from train; how many of the rules are used, the best first, is chosen on dev.
 */
import { z } from 'zod';
import { TaggerError } from '../../core/errors.js';
import { Random } from '../../core/random.js';
import type { LabelledSentence } from '../../corpus/labels.js';
import type { TokenSentence } from '../../text/tracks.js';
import type { BaselineKind } from '../baseline.js';
import { devScore } from '../dev-score.js';
import { inTurns } from '../in-turns.js';
import { tagSetOf } from '../tag-set.js';
import { countWordTags } from '../word-tags.js';
import { jsonBytes } from '../written-size.js';
import { LearntLexicon } from './lexicon.js';
import { brillModule, type Rule, type Tagger } from './natural.js';
import { learnRules } from './rules.js';

export const brillOptions = z.strictObject({
  kind: z.literal('brill'),
  /** How many rules are tried, those that put most tokens right. The time of training grows with this, times the tokens. */
  candidates: z.int().min(1).default(2000),
  /** How many tokens of train, in sentences drawn at random, rules are learnt from; the lexicon is learnt from all. */
  tokens: z.int().min(1).default(200_000),
  /** The least number by which a rule puts more tokens of train right than wrong. */
  score: z.int().min(1).default(3),
});

export const brill: BaselineKind<typeof brillOptions> = {
  options: brillOptions,
  takesSpans: false,
  summary: "the most frequent tag of each word, corrected by learnt rules (natural's Brill tagger)",

  async *train(options, task) {
    const { train, dev, seed, signal } = task;
    if (task.scheme !== 'none') {
      throw new TaggerError('E_CONFIG', {
        message: 'brill tags single tokens, such as parts of speech, and no spans',
        expected: 'labels of scheme none',
        found: `tags of scheme ${task.scheme}`,
      });
    }
    const tags = tagSetOf(task);
    // natural takes a tag `*` for any: it gets numbers.
    const write = (tag: string) => `${tags.numberOf(tag)}`;
    const lexicon = new LearntLexicon(await countWordTags(task), write);
    const Sentence = brillModule('Sentence');
    const sentences = draw(train, options.tokens, new Random(seed)).map(
      ({ tokens, tags: gold }) =>
        new Sentence(
          shown(tokens).map((token, i) => ({
            token,
            tag: write(gold[i]),
            testTag: lexicon.tagWord(token)[0],
          })),
        ),
    );
    const rules = await learnRules(sentences, options, signal);

    let best: { readonly tagger: Tagger; readonly used: readonly Rule[]; readonly score: number } | undefined;
    for (const count of counts(rules.length)) {
      const used = rules.slice(0, count);
      const tagger = new (brillModule('Brill_POS_Tagger'))(lexicon, { getRules: () => used });
      const predicted: string[][] = [];
      for await (const sentences of inTurns(dev, signal)) {
        predicted.push(...sentences.map((sentence) => tag(tagger, sentence)));
      }
      const score = devScore(task, predicted);
      if (!best || score > best.score || dev.length === 0) best = { tagger, used, score };
      yield { kind: 'progress', text: `${count} of ${rules.length} rules: dev ${score.toFixed(2)}` };
    }

    const { tagger, used } = best!;
    return {
      parameters: lexicon.size + used.length,
      bytes: jsonBytes([tags.names, lexicon, used.map((rule) => rule.key())]),
      tag: (sentences) => sentences.map((sentence) => tag(tagger, sentence)),
    };

    function tag(tagger: Tagger, { tokens }: TokenSentence): string[] {
      return tagger.tag(shown(tokens)).taggedWords.map(({ tag }) => tags.names[Number(tag)]);
    }
  },
};

/** Sentences in random order until they have so many tokens. */
function draw(train: readonly LabelledSentence[], tokens: number, random: Random): LabelledSentence[] {
  const drawn: LabelledSentence[] = [];
  let left = tokens;
  for (const number of random.permutation(train.length)) {
    if (left <= 0) break;
    drawn.push(train[number]);
    left -= train[number].tokens.length;
  }
  return drawn;
}

/** Some rules ask for the first character of a word. */
const shown = (tokens: readonly string[]) => tokens.map((token) => token || ' ');

/** 0, 1, 2, 4, … and all. */
function counts(rules: number): number[] {
  const some = [0];
  for (let count = 1; count < rules; count *= 2) some.push(count);
  return rules > 0 ? [...some, rules] : some;
}
