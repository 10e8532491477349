/** How well words fit their tags: log P(w | t) of a word that train has; of others, from their endings, up to a constant of the word. */
import type { TagSet } from '../tag-set.js';
import { totalOf, type WordTags } from '../word-tags.js';
import { Suffixes } from './suffixes.js';
import { LEAST } from './trigrams.js';
import type { Choices } from './viterbi.js';

interface WordsOptions {
  /** Characters of the longest ending. */
  readonly suffix: number;
  /** Endings are learnt from words that train has no more often than this. */
  readonly rare: number;
}

interface KnownWord extends Choices {
  readonly counts: readonly number[];
}

export class Words {
  /** Share of each tag in train. */
  private readonly prior: Float64Array;
  private readonly suffixes: Suffixes;
  private readonly known = new Map<string, KnownWord>();
  private readonly everyTag: Int32Array;

  constructor({ suffix, rare }: WordsOptions, { names, numberOf }: TagSet, { words, all }: WordTags) {
    const totals = Float64Array.from(names, (name) => all.get(name) ?? 0);
    const tokens = totalOf(all);
    this.prior = totals.map((total) => total / tokens);
    this.suffixes = new Suffixes(this.prior, suffix);
    this.everyTag = Int32Array.from(names, (_, tag) => tag);
    for (const [word, tagCounts] of words) {
      const tags = Array.from(tagCounts.keys(), numberOf);
      const counts = [...tagCounts.values()];
      if (totalOf(tagCounts) <= rare) {
        for (let i = 0; i < tags.length; i++) this.suffixes.add(word, tags[i], counts[i]);
      }
      this.known.set(word, {
        tags,
        counts,
        scores: counts.map((count, i) => Math.log(count / totals[tags[i]])),
      });
    }
  }

  /** The tags that train has the word with; any for others. */
  choices(word: string): Choices {
    return this.known.get(word) ?? this.unknown(word);
  }

  /** Any tag, also for known words. */
  allChoices(word: string): Choices {
    const known = this.known.get(word);
    if (!known) return this.unknown(word);
    const scores = new Float64Array(this.everyTag.length).fill(Math.log(LEAST));
    for (let i = 0; i < known.tags.length; i++) scores[known.tags[i]] = known.scores[i];
    return { tags: this.everyTag, scores };
  }

  /** Numbers that it holds. */
  get size(): number {
    let size = this.suffixes.size + this.prior.length;
    for (const { counts } of this.known.values()) size += counts.length;
    return size;
  }

  /** What it has learnt, as plain data. */
  toJSON(): unknown {
    return [Array.from(this.known, ([word, { tags, counts }]) => [word, tags, counts]), this.suffixes];
  }

  /** P(w | t) is P(t | w) P(w) / P(t), and P(w) is the same for all tags. */
  private unknown(word: string): Choices {
    const { prior } = this;
    const scores = this.suffixes
      .probabilities(word)
      .map((p, tag) => Math.log(Math.max(prior[tag] > 0 ? p / prior[tag] : 0, LEAST)));
    return { tags: this.everyTag, scores };
  }
}
