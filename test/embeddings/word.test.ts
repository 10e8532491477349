import { describe, expect, it } from 'vitest';
import { engine } from '../../src/core/engine.js';
import { fromHalf, toHalf } from '../../src/core/half.js';
import { Params } from '../../src/core/params.js';
import { spellings, type WordOptions, type WordVocabulary, word } from '../../src/embeddings/word.js';
import { Forms } from '../../src/text/forms.js';
import { Tracks } from '../../src/text/tracks.js';
import {
  attachedLayer,
  embeddingConformance,
  embeddingLayer,
  learning,
  sentences,
} from '../conformance/embedding.js';
import { Trial } from '../conformance/layer.js';
import { seeded } from '../support/arrays.js';
import { glove, type Rows, useFolder } from './vectors-support.js';

const DIM = 5;
const optionsOf = (more: object = {}): WordOptions =>
  word.options.parse({ kind: 'word', dim: DIM, unknown: 0, ...more });

await embeddingConformance(word, [
  { name: 'word', options: optionsOf(), random: optionsOf({ unknown: 0.5 }) },
  {
    name: 'word, frozen',
    options: optionsOf({ tune: false }),
    random: optionsOf({ tune: false, unknown: 0.5 }),
  },
  {
    name: 'word, minCount 2',
    options: optionsOf({ minCount: 2 }),
    random: optionsOf({ minCount: 2, dropout: 0.4 }),
  },
]);

/** Rows that half precision holds exactly: `the` is also a word of training, the others are not. */
const pretrained: Rows = [
  ['zebras', [1, 2, 3, 4, 5]],
  ['the', [0.5, 0.25, -1, -2, 8]],
  ['東京', [-5, -4, -3, -2, -1]],
  ['alps', [0, 1, 0, 1, 0]],
];

const folder = useFolder();
const tokens = sentences.flat();

async function learn(more: object = {}) {
  return word.learn(optionsOf(more), learning);
}

async function learnPretrained(more: object = {}) {
  return learn({ vectors: folder.write('vectors.txt', glove(pretrained)), ...more });
}

function create(vocabulary: WordVocabulary, params = new Params(engine().heap)) {
  const context = {
    params,
    name: 'embedding',
    forms: new Forms(engine().heap),
    tracks: new Tracks(),
    vocabulary: () => vocabulary,
  };
  return word.create(optionsOf(), word.sizes(vocabulary), context);
}

async function trialOf(more: object, vocabulary: WordVocabulary, words = sentences) {
  return new Trial(embeddingLayer(word, optionsOf(more), vocabulary, words));
}

/** The row of every token of `sentences`. */
function rowsOf(y: Float32Array): Map<string, number[]> {
  return new Map(tokens.map((token, i) => [token, [...y.subarray(i * DIM, (i + 1) * DIM)]]));
}

const tableRow = ({ bench }: Trial, row: number) => [
  ...bench.values('embedding.table').subarray(row * DIM, (row + 1) * DIM),
];

describe('the vocabulary of word embeddings', () => {
  it('lists the training words by count, then by their letters, digits as 0', async () => {
    expect((await learn()).words).toEqual(['the', 'of', '0000', 'Alps', 'naïve', 'rise']);
  });

  it('leaves out rare words, but not those with a vector', async () => {
    expect((await learn({ minCount: 2 })).words).toEqual(['the', 'of', '0000']);
    expect((await learnPretrained({ minCount: 2 })).words).toEqual(['the', 'of', '0000', 'Alps']);
  });

  it('keeps the vectors of other words, all or as many as asked, in half precision', async () => {
    const all = await learnPretrained();
    expect(all.kept).toEqual(['zebras', '東京', 'alps']);
    expect(Array.from(all.halves.values, fromHalf)).toEqual([
      ...pretrained[0][1],
      ...pretrained[2][1],
      ...pretrained[3][1],
    ]);
    expect((await learnPretrained({ keep: 1 })).kept).toEqual(['zebras']);
    expect((await learnPretrained({ keep: 0 })).halves.rows).toBe(0);
  });

  it('tries a form as it is, in lower case, with 0 for digits, and both', () => {
    expect([...spellings('A1')]).toEqual(['A1', 'a1', 'A0', 'a0']);
  });
});

describe('word embeddings', () => {
  it('give unknown words row 0 and known ones, however spelt, their own', async () => {
    const trial = await trialOf({}, await learn());
    const rows = rowsOf(trial.output());
    for (const [token, row] of Object.entries({
      zebras: 0,
      東京: 0,
      the: 1,
      The: 1,
      of: 2,
      '2017': 3,
      Alps: 4,
    }))
      expect(rows.get(token), token).toEqual(tableRow(trial, row));
  });

  it('give words with a kept vector that vector, exactly, and no gradient', async () => {
    const trial = await trialOf({}, await learnPretrained());
    const rows = rowsOf(trial.output());
    expect(rows.get('zebras')).toEqual(pretrained[0][1]);
    expect(rows.get('東京')).toEqual(pretrained[2][1]);
    expect(rows.get('Alps'), 'a word of training').toEqual(tableRow(trial, 4));
    trial.expectGradients();
    trial.expectGradients([1]);
  });

  it('have the kept vectors in another thread too', async () => {
    const vocabulary = await learnPretrained();
    const trial = new Trial(attachedLayer(word, optionsOf(), vocabulary));
    const rows = rowsOf(trial.output());
    expect(rows.get('zebras')).toEqual(pretrained[0][1]);
    expect(rows.get('東京')).toEqual(pretrained[2][1]);
    expect(rows.get('Alps')).toEqual(tableRow(trial, 4));
  });

  it('widen every half precision number of a kept vector', () => {
    const values = Float32Array.of(2 ** -24, -(2 ** -14), 65504, 0.1, -0);
    const halves = { rows: 1, dim: DIM, values: Uint16Array.from(values, toHalf) };
    const vocabulary = word.load(optionsOf(), { words: ['the'], kept: ['zebras'] }, halves);
    const layer = embeddingLayer(word, optionsOf(), vocabulary, [['zebras']]);
    expect([...new Trial(layer).output()]).toEqual(Array.from(halves.values, fromHalf));
  });

  it('are refused when a kept word has no vector, or one of another width', () => {
    const saved = { words: ['the'], kept: ['zebras'] };
    const wide = { rows: 1, dim: DIM + 1, values: new Uint16Array(DIM + 1) };
    for (const halves of [undefined, wide]) {
      expect(() => word.load(optionsOf(), saved, halves)).toThrow(/does not fit the kept rows/);
    }
  });

  it('start from the pretrained vectors, in whichever spelling, and elsewhere from small random numbers', async () => {
    const vocabulary = await learnPretrained();
    const params = new Params(engine().heap);
    create(vocabulary, params);
    params.allocate();
    params.initialize(seeded());
    const values = params.tableValues(params.tables[0]);
    const row = (of: string) => {
      const at = vocabulary.words.indexOf(of) + 1;
      return [...values.subarray(at * DIM, (at + 1) * DIM)];
    };
    expect(row('the')).toEqual(pretrained[1][1]);
    expect(row('Alps')).toEqual(pretrained[3][1]);
    const others = [...row('of'), ...values.subarray(0, DIM)];
    expect(new Set(others).size).toBe(others.length);
    expect(Math.max(...others.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(3 / DIM));
  });

  it('have a gradient for the rows of the batch alone, each row once', async () => {
    const trial = await trialOf({}, await learn(), [['the', 'The', 'zebras'], ['the']]);
    const [table] = trial.gradients();
    const rows = Array.from({ length: 7 }, (_, row) => table.gradient.subarray(row * DIM, (row + 1) * DIM));
    expect(rows.map((row) => row.some((value) => value !== 0))).toEqual([
      true,
      true,
      ...new Array(5).fill(false),
    ]);
  });

  it('that are frozen have no gradient', async () => {
    const trial = await trialOf({ tune: false }, await learn());
    expect(trial.gradients([1]).map(({ name }) => name)).toEqual(['x']);
    expect(trial.bench.params.tables[0].tuned).toBe(false);
  });

  it('show words that occur once as unknown as often as asked, in training alone', async () => {
    const many = [new Array<string>(1000).fill('rise'), new Array<string>(100).fill('the')];
    for (const [unknown, bounds] of [
      [0, [0, 0]],
      // Five standard deviations.
      [0.3, [300 - 73, 300 + 73]],
      [1, [1000, 1000]],
    ] as const) {
      const trial = await trialOf({ unknown }, await learn({ unknown }), many);
      const shown = (y: Float32Array, row: number) => {
        const [first] = tableRow(trial, row);
        return y.filter((value, i) => i % DIM === 0 && value === first).length;
      };
      const y = trial.output([1]);
      expect(shown(y, 0)).toBeGreaterThanOrEqual(bounds[0]);
      expect(shown(y, 0)).toBeLessThanOrEqual(bounds[1]);
      expect(shown(y, 1), 'a frequent word').toBe(100);
      expect(shown(trial.output(), 0), 'at inference').toBe(0);
    }
  });

  it('show any word as unknown as often as asked by `dropout`, a rare one as often as the larger rate says', async () => {
    const many = [new Array<string>(1000).fill('the'), new Array<string>(1000).fill('rise')];
    // Five standard deviations of 1000 draws.
    const near = (share: number) => [1000 * share - 80, 1000 * share + 80];
    for (const [unknown, dropout] of [
      [0, 0.3],
      [0.6, 0.3],
      [0.1, 0.3],
    ]) {
      const trial = await trialOf({ unknown, dropout }, await learnPretrained({ unknown }), many);
      const [unknownValue] = tableRow(trial, 0);
      const y = trial.output([1]);
      const hidden = [0, 1].map(
        (s) =>
          y
            .subarray(s * 1000 * DIM, (s + 1) * 1000 * DIM)
            .filter((v, i) => i % DIM === 0 && v === unknownValue).length,
      );
      for (const [count, share] of [
        [hidden[0], dropout],
        [hidden[1], Math.max(unknown, dropout)],
      ]) {
        expect(count).toBeGreaterThanOrEqual(near(share)[0]);
        expect(count).toBeLessThanOrEqual(near(share)[1]);
      }
      expect(trial.output().filter((v, i) => i % DIM === 0 && v === unknownValue)).toHaveLength(0);
    }
  });

  it('never show a word with a pretrained vector as unknown', async () => {
    const vocabulary = await learnPretrained({ unknown: 1 });
    const trial = await trialOf({ unknown: 1 }, vocabulary, [['Alps', 'rise']]);
    expect([...trial.output([1])]).toEqual([...tableRow(trial, 4), ...tableRow(trial, 0)]);
  });

  it('know the words that training saw, numbers by their shape', async () => {
    const { knows } = create(await learnPretrained());
    expect(['the', 'THE', '2017', 'zebras', 'tokyo'].map((form) => knows?.(form))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });
});
