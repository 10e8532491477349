import { describe, expect, it } from 'vitest';
import { checkCorpus } from '../../../src/corpus/check/index.js';
import { encodeSpans } from '../../../src/text/schemes.js';
import { randomNumbers, randomSentences } from '../../text/random-spans.js';
import { split } from './splits.js';

const repeat = (count: number, text: string) => Array<string>(count).fill(text);

describe('warnings', () => {
  const good = split('Ada/S-PER sails', 'Oslo/S-LOC sleeps');
  const warnings = (splits: Parameters<typeof checkCorpus>[0]) => checkCorpus(splits, 'bio').warnings;

  it('are none where nothing looks like a mistake', () => {
    expect(warnings({ train: good, dev: split('Rome/S-LOC grows'), test: split('Bo/S-PER left') })).toEqual(
      [],
    );
  });

  it('name a split without sentences, and one without entities', () => {
    const found = warnings({ train: good, dev: { sentences: [] }, test: split('no name') });
    expect(found).toEqual([
      expect.stringMatching(/^dev has no sentences: .*corpus\.files\.dev$/),
      expect.stringMatching(/^test has no entities/),
    ]);
  });

  it('name leakage of more than 5 %', () => {
    const dev = (others: number) => split('Ada/S-PER sails', ...repeat(others, 'Rome/S-LOC grows'));
    expect(warnings({ train: good, dev: dev(19) })).toEqual([]);
    expect(warnings({ train: good, dev: dev(18) })).toEqual([
      '5.3 % of the sentences of dev are in train too, so its scores will be too good: take them out of train or dev',
    ]);
  });

  it('name labels that train lacks, with a similar one', () => {
    const [found, ...others] = warnings({ train: good, test: split('Bo/S-PRE left Oslo/S-PER') });
    expect(others).toEqual([]);
    expect(found).toMatch(/^not in train, .*: PRE \(1 in test; PER\?\): /);
  });

  it('name labels of spans that are mostly inconsistent, unless they are rare', () => {
    const half = (spans: number) => split(...repeat(spans, 'Oslo/S-LOC'), 'Oslo');
    expect(warnings({ train: half(9) })).toEqual([]);
    expect(warnings({ train: half(10) })).toEqual([expect.stringMatching(/^100\.0 % of the LOC in train /)]);
    const single = split(...repeat(20, 'a/N'), ...repeat(20, 'a/V'));
    expect(checkCorpus({ train: single }, 'none').warnings).toEqual([]);
  });

  it('name over-long sentences and odd tokens', () => {
    const long = { tokens: repeat(201, 'w'), tags: ['S-PER', ...repeat(200, 'O')] };
    const odd = { tokens: ['a\u00A0b'], tags: ['O'] };
    expect(warnings({ train: { sentences: [long, odd] } })).toEqual([
      expect.stringMatching(/^train has 1 sentence of more than 200 tokens: /),
      expect.stringMatching(/^1 token empty .* first "a\\u00a0b" \(train, sentence 2, token 1\): /),
    ]);
  });
});

describe('counts add up', () => {
  it.each([1, 2, 3, 4, 5])('in random splits, seed %i', (seed) => {
    const random = randomNumbers(seed);
    const made = (count: number, from: number) => {
      const sentences = randomSentences(seed + from, count);
      return {
        spans: sentences.flatMap(({ spans }) => spans).length,
        sentences: sentences.map(({ spans, length }) => ({
          tokens: Array.from({ length }, () => 'abcAB'[Math.floor(random() * 5)]),
          tags: encodeSpans(spans, length, 'bioes'),
        })),
      };
    };
    const splits = { train: made(60, 0), dev: made(20, 100), test: made(20, 200) };
    const found = checkCorpus(splits, 'iob1');
    for (const name of ['train', 'dev', 'test'] as const) {
      const { spans, sentences } = splits[name];
      const tokens = sentences.flatMap((sentence) => sentence.tokens);
      expect(found.sizes[name]).toMatchObject({ sentences: sentences.length, tokens: tokens.length });
      expect(found.sizes[name]?.forms).toBe(new Set(tokens).size);
      expect(found.labels.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0)).toBe(spans);
      const distinct = new Set(sentences.map((sentence) => sentence.tokens.join(' ')));
      expect(distinct.size + (found.duplicates[name]?.sentences ?? 0)).toBe(sentences.length);
      expect(found.lengths[name]?.longest?.tokens).toBe(
        Math.max(...sentences.map((sentence) => sentence.tokens.length)),
      );
    }
    const { asWritten, lowerCase } = found.inconsistencies;
    for (const { label, counts } of found.labels) {
      expect(asWritten.byLabel[label] ?? 0).toBeLessThanOrEqual(counts.train);
      // What differs as it is written differs in lower case too.
      expect(lowerCase.byLabel[label] ?? 0).toBeGreaterThanOrEqual(asWritten.byLabel[label] ?? 0);
    }
  });
});
