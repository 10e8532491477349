import { describe, expect, it } from 'vitest';
import { crf as built } from '../../dist/baselines/crf/index.js';
import { crf, crfOptions } from '../../src/baselines/crf/index.js';
import { drain } from '../../src/core/relay.js';
import type { LabelledSentence } from '../../src/corpus/labels.js';
import { isValid, type Scheme } from '../../src/text/schemes.js';
import { baselineConformance } from '../conformance/baseline.js';
import { seed, seeded } from '../support/arrays.js';
import { sentences } from '../support/workspace.js';
import { randomCorpus } from './crf/support.js';

// Its threads are files of dist.
baselineConformance('crf', built, { kind: 'crf', l2: 0.1 }, { partsOfSpeech: 99, spans: 99 });

async function trained(
  train: readonly LabelledSentence[],
  scheme: Scheme,
  options: Partial<ReturnType<typeof crfOptions.parse>> = {},
) {
  const lines: string[] = [];
  const run = crf.train(crfOptions.parse({ kind: 'crf', ...options }), {
    train,
    dev: [],
    scheme,
    seed,
    workers: 1,
  });
  const model = await drain(run, ({ text }) => lines.push(text));
  return { model, lines };
}

const cells = (from: number, column: 'pos' | 'bioes'): LabelledSentence[] =>
  sentences(24, from).map((rows) => ({
    tokens: rows.map(({ word }) => word),
    tags: column === 'pos' ? rows.map(({ pos }) => pos) : bioes(rows.map(({ ner }) => ner)),
  }));

const bioes = (tags: readonly string[]) =>
  tags.map((tag, i) => {
    if (tag === 'O') return tag;
    const goesOn = tags[i + 1]?.startsWith('I-');
    const role = tag.startsWith('B-') ? (goesOn ? 'B' : 'S') : goesOn ? 'I' : 'E';
    return `${role}-${tag.slice(2)}`;
  });

const odd = [[], ['nobody'], ['😀', '__proto__', 'constructor', '', 'ﬁ'], ['e\u0301\u200d', '.'.repeat(500)]];

describe.each([
  ['none', 'pos'],
  ['bioes', 'bioes'],
] as const)('scheme %s:', (scheme, column) => {
  it('it learns its sentences, and tells a new name by its place', async () => {
    const { model, lines } = await trained(cells(0, column), scheme, { l2: 0.1 });
    const train = cells(0, column);
    expect(model.tag(train)).toEqual(train.map(({ tags }) => tags));
    const [found] = model.tag([{ tokens: ['Yesterday', 'Quill', 'sailed', 'home', '.'] }]);
    if (column === 'pos') expect(found[1]).toBe('PROPN');
    expect(lines[0]).toMatch(/^\d+ features, \d+ weights, \d+ tags$/);
    expect(lines.at(-1)).toMatch(/^iteration \d+: loss [\d.]+, gradient [\d.]+$/);
  });

  it('every token of any input has one of the tags of train', async () => {
    const train = cells(0, column);
    const { model } = await trained(train, scheme);
    const known = new Set(train.flatMap(({ tags }) => tags));
    const found = model.tag(odd.map((tokens) => ({ tokens })));
    expect(found.map(({ length }) => length)).toEqual(odd.map(({ length }) => length));
    expect(found.flat().filter((tag) => !known.has(tag))).toEqual([]);
    expect(found.filter((tags) => !isValid(tags, scheme))).toEqual([]);
  });

  it(`spans are valid, whatever the words, and the batch does not matter, seed ${seed}`, async () => {
    const [train, other] = [1, 2].map((i) => randomCorpus(scheme, 60, 8, seeded(i)).sentences);
    const { model } = await trained(train, scheme, { iterations: 5 });
    const together = model.tag(other);
    expect(together.filter((tags) => !isValid(tags, scheme))).toEqual([]);
    expect(other.map((sentence) => model.tag([sentence])[0])).toEqual(together);
  });
});

const flags = ['digit', 'number', 'hyphen', 'title', 'upper', 'capital inside', 'no letter'].map(
  (flag) => `${flag}=false`,
);

it.each([
  [1, 26],
  [3, 22],
])('a model counts its weights, those of every tag from %i times', async (everyTagFrom, weights) => {
  const train = [{ tokens: ['a', 'b'], tags: ['X', 'Y'] }];
  const { model } = await trained(train, 'none', { window: 0, affixes: 0, everyTagFrom });
  // Of both words and lower cases, one shape, x, what every word has, and seven flags that both words leave alike.
  const names = ['bias', 'word=a', 'word=b', 'lower=a', 'lower=b', 'shape=x', ...flags];
  expect(model.parameters).toBe(weights + 2 * 2);
  const text = [...names, 'X', 'Y'].reduce((sum, name) => sum + name.length + 1, 0);
  expect(model.bytes).toBe(text + 4 * (names.length + 1) + 2 * weights + 4 * model.parameters);
});

it('where train has no tokens outside of spans, a sentence that needs some is still valid', async () => {
  const { model } = await trained([{ tokens: ['a', 'b'], tags: ['B-X', 'E-X'] }], 'bioes');
  expect(model.tag([{ tokens: ['a', 'b'] }, { tokens: ['a'] }])).toEqual([['B-X', 'E-X'], ['O']]);
});

it('an edge of the sentence tells a word from the same word inside', async () => {
  const train = [
    { tokens: ['go', 'go', 'go'], tags: ['FIRST', 'MID', 'LAST'] },
    { tokens: ['go', 'go'], tags: ['FIRST', 'LAST'] },
  ];
  const { model } = await trained(train, 'none', { l2: 0.01, window: 1 });
  const tokens = ['go', 'go', 'go', 'go'];
  expect(model.tag([{ tokens }])).toEqual([['FIRST', 'MID', 'MID', 'LAST']]);
});

it('more of a penalty makes for smaller steps from the data: the loss of the end is higher', async () => {
  const ends = [];
  for (const l2 of [0.01, 1, 100]) {
    const { lines } = await trained(cells(0, 'pos'), 'none', { l2 });
    ends.push(Number(/loss ([\d.]+)/.exec(lines.at(-1)!)?.[1]));
  }
  expect(ends).toEqual([...ends].sort((a, b) => a - b));
});

it.each([
  [{ l2: -1 }, 'l2'],
  [{ windows: 1 }, 'windows'],
  [{ minCount: 0 }, 'minCount'],
])('refuses %j', (options, name) => {
  const { error } = crfOptions.safeParse({ kind: 'crf', ...options });
  expect(JSON.stringify(error?.issues)).toContain(name);
});
