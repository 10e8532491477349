import { describe, expect, it } from 'vitest';
import { inconsistenciesOf } from '../../../src/corpus/check/consistency.js';
import { labelCountsOf } from '../../../src/corpus/check/label-counts.js';
import { lengthsOf } from '../../../src/corpus/check/lengths.js';
import { oddTokensOf } from '../../../src/corpus/check/odd-tokens.js';
import { duplicatesOf, leakageOf } from '../../../src/corpus/check/repeats.js';
import { sizesOf } from '../../../src/corpus/check/sizes.js';
import { split } from './splits.js';

const empty = { sentences: [] };

describe('sizes', () => {
  it('count sentences, tokens, distinct words, and the tokens that train does not have', () => {
    const splits = { train: split('a b a', 'c'), dev: split('a d d A') };
    expect(sizesOf(splits)).toEqual({
      train: { sentences: 2, tokens: 4, forms: 3, newTokens: 0, newShare: 0 },
      dev: { sentences: 1, tokens: 4, forms: 3, newTokens: 3, newShare: 0.75 },
    });
  });

  it('of nothing are zeros', () => {
    const nothing = { sentences: 0, tokens: 0, forms: 0, newTokens: 0, newShare: 0 };
    expect(sizesOf({ train: empty, test: empty })).toEqual({ train: nothing, test: nothing });
  });
});

describe('lengths', () => {
  it('have a median, a 95th percentile, the first longest with its place, and the over-long', () => {
    const words = (count: number) => Array(count).fill('w').join(' ');
    const lengths = [...Array.from({ length: 18 }, (_, i) => i + 1), 250, 250];
    const { sentences } = split(...lengths.map(words));
    const locate = (sentence: number, token: number) => ({ file: 'f', line: 100 * sentence + token });
    expect(lengthsOf({ train: { sentences, locate } }).train).toEqual({
      median: 10,
      p95: 250,
      longest: { tokens: 250, sentence: 19, place: { file: 'f', line: 1800 } },
      overlong: 2,
    });
  });

  it('200 tokens are not over-long, 201 are', () => {
    const { train } = lengthsOf({
      train: split(Array(200).fill('w').join(' '), Array(201).fill('w').join(' ')),
    });
    expect(train).toMatchObject({ overlong: 1, longest: { tokens: 201, sentence: 2 } });
  });

  it('of nothing have no longest', () => {
    expect(lengthsOf({ train: empty }).train).toEqual({ median: 0, p95: 0, longest: undefined, overlong: 0 });
  });
});

describe('label counts', () => {
  it('count spans, and the share whose words train has with that label', () => {
    const train = split('Ada/B-PER Weller/E-PER met Oslo/S-LOC', 'Oslo/S-LOC');
    const dev = split('Oslo/S-LOC Oslo/S-LOC Rome/S-LOC Oslo/S-ORG', 'Ada/S-PER', 'Ada/B-PER Weller/E-PER');
    expect(labelCountsOf({ train, dev, test: empty }, 'bioes')).toEqual([
      { label: 'LOC', counts: { train: 2, dev: 3, test: 0 }, seen: { dev: 2 / 3, test: undefined } },
      { label: 'PER', counts: { train: 1, dev: 2, test: 0 }, seen: { dev: 1 / 2, test: undefined } },
      { label: 'ORG', counts: { train: 0, dev: 1, test: 0 }, seen: { dev: 0, test: undefined } },
    ]);
  });

  it('count tokens where labels are of single tokens; O is a label there', () => {
    const splits = { train: split('a/O b/N', 'a/N'), test: split('a/O c/N a/N') };
    expect(labelCountsOf(splits, 'none')).toEqual([
      { label: 'N', counts: { train: 2, test: 2 }, seen: { test: 1 / 2 } },
      { label: 'O', counts: { train: 1, test: 1 }, seen: { test: 1 } },
    ]);
  });
});

describe('repeats', () => {
  it('are the later ones of sentences with the same words, whatever their tags', () => {
    const { train } = duplicatesOf({ train: split('a b', 'c', 'a/S-X b', 'a b', 'A b') });
    const examples = [
      { sentence: 3, sameAs: 1 },
      { sentence: 4, sameAs: 1 },
    ];
    expect(train).toEqual({ sentences: 2, share: 2 / 5, examples });
  });

  it('in dev and test are those that train has, with three examples', () => {
    const splits = { train: split('a', 'b', 'b'), dev: split('c', 'b', 'a', 'b', 'b'), test: split('c') };
    const examples = [
      { sentence: 2, sameAs: 2 },
      { sentence: 3, sameAs: 1 },
      { sentence: 4, sameAs: 2 },
    ];
    expect(leakageOf(splits)).toEqual({
      dev: { sentences: 4, share: 4 / 5, examples },
      test: { sentences: 0, share: 0, examples: [] },
    });
  });

  it('are not sentences whose words only run together to the same text', () => {
    const train = { sentences: [{ tokens: ['a b'], tags: ['O'] }] };
    expect(leakageOf({ train, dev: split('a b') }).dev?.sentences).toBe(0);
  });
});

describe('inconsistencies', () => {
  const { sentences } = split(
    'Paris/S-LOC saw Paris/S-PER and Paris',
    'New/B-LOC York/E-LOC or New York',
    'New/B-ORG York/I-ORG Times/E-ORG and New Jersey',
    'Oslo/S-LOC Oslo/S-LOC',
    'US/S-LOC told us',
  );

  it('are entities with several labels or none elsewhere; inside a longer entity they do not count', () => {
    expect(inconsistenciesOf(sentences, 'bioes')).toEqual({
      forms: 2,
      most: [
        { form: 'Paris', labels: { LOC: 1, PER: 1 }, unlabelled: 1 },
        { form: 'New York', labels: { LOC: 1 }, unlabelled: 1 },
      ],
      byLabel: { LOC: 2, PER: 1 },
    });
  });

  it('in lower case are more', () => {
    const { forms, most } = inconsistenciesOf(sentences, 'bioes', (word) => word.toLowerCase());
    expect(forms).toBe(3);
    expect(most.at(-1)).toEqual({ form: 'us', labels: { LOC: 1 }, unlabelled: 1 });
  });

  it('a form is not unlabelled where only a part of it is', () => {
    const half = split('Port/B-LOC Elena/E-LOC', 'Port Elena/S-PER', 'Port').sentences;
    expect(inconsistenciesOf(half, 'bioes').forms).toBe(0);
  });

  it('of single tokens are words with several labels; none is unlabelled', () => {
    expect(inconsistenciesOf(split('a/N b/V a/V', 'a/V b/V').sentences, 'none')).toEqual({
      forms: 1,
      most: [{ form: 'a', labels: { V: 2, N: 1 }, unlabelled: 0 }],
      byLabel: { V: 2, N: 1 },
    });
  });

  it('show the ten that are labelled most often', () => {
    const texts = Array.from({ length: 12 }, (_, i) => `${`w${i}/S-A `.repeat(i + 1)}w${i}`);
    const { forms, most } = inconsistenciesOf(split(...texts).sentences, 'bioes');
    expect(forms).toBe(12);
    expect(most.map(({ form }) => form)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((i) => `w${i}`));
  });
});

it('odd tokens are empty or have white space in them, no-break spaces too', () => {
  const sentence = (...tokens: string[]) => ({ sentences: [{ tokens, tags: tokens.map(() => 'O') }] });
  expect(oddTokensOf({ train: sentence('a', 'b-c') })).toEqual({ tokens: 0, first: undefined });
  expect(oddTokensOf({ train: sentence('a'), dev: sentence('a', '', 'b c', 'd\u00A0e') })).toEqual({
    tokens: 3,
    first: { text: '', split: 'dev', sentence: 1, token: 2, place: undefined },
  });
});
