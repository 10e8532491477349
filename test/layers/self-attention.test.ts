import { expect, it } from 'vitest';
import type { Params } from '../../src/core/params.js';
import { distancesOf } from '../../src/layers/distances.js';
import { selfAttention } from '../../src/layers/self-attention.js';
import { sentenceOrder } from '../../src/layers/sentence-rows.js';
import { type Forward, type LayerCase, layerConformance, Trial } from '../conformance/layer.js';
import { seeded } from '../support/arrays.js';
import { expectClose, roundings } from '../support/close.js';
import { pick, tokensOf } from '../support/rows.js';
import { sentencesOf } from '../support/workbench.js';

const WIDTH = 6;
const HEADS = 2;

/** The layer on the rows of a batch. */
function layer(relative: boolean): LayerCase {
  const create =
    (dropout: number) =>
    (params: Params): Forward => {
      const attention = selfAttention(params, 'attention', {
        width: WIDTH,
        heads: HEADS,
        relative,
        dropout,
      });
      return (x, run) => {
        const { sentences, toSentences, toBatch } = sentenceOrder(run);
        const distances = relative ? distancesOf(WIDTH / HEADS, run) : undefined;
        const [y, backward] = attention.forward(toSentences(x), sentences, run, distances);
        return [toBatch(y), (dy) => toBatch(backward(toSentences(dy)))];
      };
    };
  return { input: WIDTH, output: WIDTH, create: create(0), random: create(0.4) };
}

layerConformance('self-attention', layer(false));
layerConformance('self-attention with distances', layer(true));

/** The largest difference when a sentence is read in another order and its rows are put back. */
function changeByOrder(relative: boolean): number {
  const trial = new Trial({ ...layer(relative), sentences: sentencesOf([3, 7]) });
  const before = trial.output();
  const order = [...seeded(1).permutation(7)].map((token) => 3 + token);
  const shuffled = [...tokensOf(trial.sentences, 0), ...order];
  trial.x.set(pick(trial.x.slice(), WIDTH, shuffled));
  const after = trial.output();
  const expected = pick(before, WIDTH, shuffled);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - after[i])), 0);
}

it('without distances, tokens in another order have the same rows in that order', () => {
  expectClose([changeByOrder(false)], [0], roundings(32, 4));
});

it('with distances, they have others', () => {
  expect(changeByOrder(true)).toBeGreaterThan(1e-2);
});
