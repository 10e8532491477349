import { expect, it } from 'vitest';
import { rowsOfSentence, sentenceOrder } from '../../src/layers/sentence-rows.js';
import { numbers, seeded } from '../support/arrays.js';
import { pick, place, read, tokensOf } from '../support/rows.js';
import { lengths, sentencesOf, Workbench } from '../support/workbench.js';

const WIDTH = 3;

function batch(of: readonly number[] = lengths) {
  const bench = new Workbench();
  bench.fill();
  const sentences = sentencesOf(of);
  const run = bench.start(sentences);
  const x = numbers(run.batch.tokens * WIDTH, seeded(1));
  return { sentences, run, x, order: sentenceOrder(run), placed: place(run, WIDTH, x) };
}

it('every sentence is in one piece, its tokens in order, from long to short', () => {
  const { sentences, run, x, order, placed } = batch();
  const bySentence = order.toSentences(placed);
  const { f32 } = run.arena.heap;
  order.sentences.forEach((rows, rank) => {
    const { address, stride, rows: length } = rowsOfSentence(bySentence, rows);
    expect(stride).toBe(WIDTH);
    const s = run.batch.order[rank];
    const found = f32.slice(address / 4, address / 4 + length * stride);
    expect(found).toEqual(pick(x, WIDTH, tokensOf(sentences, s)));
  });
  expect(order.sentences.map(({ length }) => length)).toEqual([...lengths].sort((a, b) => b - a));
});

it('the way back undoes it', () => {
  for (const of of [lengths, [], [1], [5], [2, 2, 2]]) {
    const { run, x, order, placed } = batch(of);
    expect(read(run, order.toBatch(order.toSentences(placed)))).toEqual(x);
  }
});
