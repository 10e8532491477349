/**
 * The tag that a word has before any rule: its most frequent one in train, or that of the word in small letters; for others
 * the most frequent tag of the words that train has once, capital letters apart.
 */
import type { WordTags } from '../word-tags.js';
import { mostFrequent, type TagCounts, totalOf } from '../word-tags.js';
import type { Lexicon } from './natural.js';

const CAPITAL = /^\p{Lu}/u;

export class LearntLexicon implements Lexicon {
  private readonly words: ReadonlyMap<string, string>;
  private readonly capital: string;
  private readonly other: string;

  /** `write`: how a tag is written. */
  constructor({ words, all }: WordTags, write: (tag: string) => string) {
    this.words = new Map(Array.from(words, ([word, counts]) => [word, write(mostFrequent(counts))]));
    const once = [...words].filter(([, counts]) => totalOf(counts) === 1);
    const usual = (isCapital: boolean) => {
      const counts: TagCounts = new Map();
      for (const [word, tags] of once) {
        if (CAPITAL.test(word) !== isCapital) continue;
        for (const tag of tags.keys()) counts.set(tag, (counts.get(tag) ?? 0) + 1);
      }
      return write(mostFrequent(counts.size > 0 ? counts : all));
    };
    this.capital = usual(true);
    this.other = usual(false);
  }

  tagWord(word: string): readonly string[] {
    const tag = this.words.get(word) ?? this.words.get(word.toLowerCase());
    return [tag ?? (CAPITAL.test(word) ? this.capital : this.other)];
  }

  get size(): number {
    return this.words.size + 2;
  }

  /** Plain data. */
  toJSON(): unknown {
    return [this.capital, this.other, ...this.words];
  }
}
