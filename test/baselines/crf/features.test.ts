import { describe, expect, it } from 'vitest';
import { learnFeatures } from '../../../src/baselines/crf/features.js';
import { blocksOf, listsOf, transposed } from '../../../src/baselines/crf/lists.js';
import { seed, seeded } from '../../support/arrays.js';

const options = { window: 1, affixes: 2, minCount: 1 };

/** Names of the features by their numbers, behind the number of their template. */
function namesOf(sentences: readonly (readonly string[])[], more: Partial<typeof options> = {}) {
  const learnt = learnFeatures(sentences, { ...options, ...more });
  const names = new Array<string>(learnt.features);
  learnt.tables.forEach(({ ids }, template) => {
    for (const [name, id] of ids) names[id] = `${template} ${name}`;
  });
  const { bundlesOfToken: tokens, featuresOfBundle: bundles } = learnt;
  const ofToken = (token: number) =>
    [...tokens.values.subarray(tokens.starts[token], tokens.starts[token + 1])].flatMap((bundle) =>
      [...bundles.values.subarray(bundles.starts[bundle], bundles.starts[bundle + 1])].map((id) => names[id]),
    );
  return { names, ofToken, tokens: tokens.starts.length - 1 };
}

const flags = (...raised: readonly string[]) =>
  ['digit', 'number', 'hyphen', 'title', 'upper', 'capital inside', 'no letter'].map(
    (flag) => `0 ${flag}=${raised.includes(flag)}`,
  );

it('a token shows its word, its neighbours, the edges, and pairs of words', () => {
  const { ofToken, tokens } = namesOf([['Big', 'cat'], [], ['x-9']]);
  expect(tokens).toBe(3);
  expect(ofToken(0)).toEqual([
    '0 bias',
    '0 word=Big',
    '0 shape=Xxx',
    '0 lower=big',
    '0 prefix=B',
    '0 prefix=Bi',
    '0 suffix=g',
    '0 suffix=ig',
    ...flags('title'),
    '1 word=cat',
    '1 shape=xx',
    '2 edge',
    '3 \tbig',
    '4 big\tcat',
  ]);
  expect(ofToken(2)).toEqual([
    '0 bias',
    '0 word=x-9',
    '0 shape=x-d',
    '0 lower=x-9',
    '0 prefix=x',
    '0 prefix=x-',
    '0 suffix=9',
    '0 suffix=-9',
    ...flags('digit', 'hyphen'),
    '1 edge',
    '2 edge',
    '3 \tx-9',
    '4 x-9\t',
  ]);
});

it('affixes are cut between code points', () => {
  const { ofToken } = namesOf([['😀é']], { window: 0 });
  expect(ofToken(0).slice(4, 8)).toEqual(['0 prefix=😀', '0 prefix=😀é', '0 suffix=é', '0 suffix=😀é']);
});

it('a word shows which affixes it is too short for', () => {
  const { ofToken } = namesOf([['a']], { window: 0, affixes: 3 });
  expect(ofToken(0).slice(4, 8)).toEqual([
    '0 prefix=a',
    '0 suffix=a',
    '0 shorter than 2',
    '0 shorter than 3',
  ]);
});

it('what is seen too seldom is no feature, also when several words share it', () => {
  const { ofToken } = namesOf([['ab', 'ac', 'x']], { window: 0, affixes: 1, minCount: 2 });
  expect(ofToken(0)).toEqual(['0 bias', '0 shape=xx', '0 prefix=a', ...flags()]);
  expect(ofToken(2)).toEqual(['0 bias', ...flags()]);
});

it.each(['constructor', '__proto__', ''])('the word "%s" is like any other', (word) => {
  const { ofToken } = namesOf([[word, 'a']], { window: 0 });
  expect(ofToken(0)).toContain(`0 word=${word}`);
  expect(ofToken(1)).toContain('0 word=a');
});

describe(`lists, seed ${seed}`, () => {
  const random = seeded(4);
  const naive = Array.from({ length: 50 }, () =>
    Array.from({ length: random.below(6) }, () => random.below(9)),
  );
  const lists = listsOf(naive);

  it('transposed name the lists that have a number, in order', () => {
    const { starts, values } = transposed(lists, 10);
    for (let number = 0; number < 10; number++) {
      const expected = naive.flatMap((list, i) => list.filter((value) => value === number).map(() => i));
      expect([...values.subarray(starts[number], starts[number + 1])]).toEqual(expected);
    }
  });

  it.each([1, 10, 1000])('blocks of %i cover every list once, and none is empty', (size) => {
    const bounds = blocksOf(lists.starts, size);
    expect(bounds[0]).toBe(0);
    expect(bounds.at(-1)).toBe(50);
    expect([...bounds]).toEqual([...new Set(bounds)].sort((a, b) => a - b));
  });

  it('there are no blocks of nothing', () => {
    expect([...blocksOf(listsOf([]).starts, 10)]).toEqual([0]);
  });
});
