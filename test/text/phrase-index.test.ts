import { describe, expect, it } from 'vitest';
import { engine } from '../../src/core/engine.js';
import { Params } from '../../src/core/params.js';
import { PhraseIndex, type PhraseMatch, trieOf } from '../../src/text/phrase-index.js';
import { seed, seeded } from '../support/arrays.js';

type Phrases = readonly { readonly words: readonly number[]; readonly mark: number }[];

function indexOf(phrases: Phrases): PhraseIndex {
  const trie = trieOf(
    phrases,
    phrases.reduce((sum, { words }) => sum + words.length, 0),
  );
  return PhraseIndex.reserve(new Params(engine().heap), trie.marks.length, () => trie);
}

/** Every stretch of the sentence compared with every phrase. */
function matchesByForce(phrases: Phrases, sentence: readonly number[]): PhraseMatch[] {
  const found: PhraseMatch[] = [];
  for (let first = 0; first < sentence.length; first++) {
    for (let end = first + 1; end <= sentence.length; end++) {
      const own = sentence.slice(first, end).join();
      const marks = phrases.filter(({ words }) => words.join() === own).map(({ mark }) => mark);
      if (marks.length > 0) found.push({ first, end, mark: marks.reduce((all, mark) => all | mark, 0) });
    }
  }
  return found;
}

describe('an index of phrases', () => {
  it('finds nothing in an empty one, and nothing in no words', () => {
    expect(indexOf([]).matches([0, 1, 2])).toEqual([]);
    expect(indexOf([{ words: [0], mark: 1 }]).matches([])).toEqual([]);
  });

  it('never finds a word that is none', () => {
    expect(indexOf([{ words: [0], mark: 1 }]).matches([-1, 0, -1])).toEqual([{ first: 1, end: 2, mark: 1 }]);
  });

  it(`finds what a comparison with every phrase finds, seed ${seed}`, () => {
    const random = seeded(71);
    for (let round = 0; round < 200; round++) {
      const letters = 1 + random.below(6);
      const run = (most: number) =>
        Array.from({ length: 1 + random.below(most) }, () => random.below(letters));
      const phrases = Array.from({ length: random.below(40) }, () => ({
        words: run(5),
        mark: 1 << random.below(30),
      }));
      const sentence = run(25);
      expect(indexOf(phrases).matches(sentence), `round ${round}`).toEqual(matchesByForce(phrases, sentence));
    }
  });
});
