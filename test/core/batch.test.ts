import { describe, expect, it } from 'vitest';
import { Arena } from '../../src/core/arena.js';
import { distinctForms, makeBatch } from '../../src/core/batch.js';
import { Heap } from '../../src/core/heap.js';
import { seed, seeded } from '../support/arrays.js';
import { ragged } from '../support/ragged.js';

const arena = new Arena(new Heap(new WebAssembly.Memory({ initial: 4, maximum: 64, shared: true })));
const sentencesOf = (...forms: number[][]) => forms.map((ids) => Int32Array.from(ids));
const stepsOf = (batch: { steps: number; length: number }) =>
  arena.heap.i32.slice(batch.steps / 4, batch.steps / 4 + batch.length + 1);

describe('a batch', () => {
  it('lists first tokens first, sentences from long to short, equal lengths in the order given', () => {
    const batch = makeBatch(sentencesOf([1], [2, 3, 4], [5, 6], [7, 8, 9]), arena);
    expect([...batch.order]).toEqual([1, 3, 2, 0]);
    expect([...batch.forms]).toEqual([2, 7, 5, 1, 3, 8, 6, 4, 9]);
    expect([...batch.firstRows]).toEqual([0, 4, 7, 9]);
    expect(batch).toMatchObject({ sentences: 4, tokens: 9, length: 3 });
  });

  it('of no sentences has no rows', () => {
    const batch = makeBatch([], arena);
    expect(batch).toMatchObject({ sentences: 0, tokens: 0, length: 0 });
    expect([...stepsOf(batch)]).toEqual([0]);
  });

  it('names every distinct form once', () => {
    const { forms } = makeBatch(sentencesOf([5, -1, 5], [9, 5], [-1]), arena);
    const { distinct, slots } = distinctForms(forms);
    expect([...distinct].sort((a, b) => a - b)).toEqual([-1, 5, 9]);
    expect([...slots].map((slot) => distinct[slot])).toEqual([...forms]);
    expect(distinctForms(new Int32Array(0))).toEqual({
      distinct: new Int32Array(0),
      slots: new Int32Array(0),
    });
  });

  it('has its steps where their address says, above 2 GiB too', () => {
    const heap = new Heap(new WebAssembly.Memory({ initial: 4, maximum: 65_536, shared: true }));
    heap.allocate(2.25 * 2 ** 30);
    const { steps } = makeBatch(sentencesOf([1, 2], [3]), new Arena(heap, 64));
    expect([...heap.i32.subarray(steps / 4, steps / 4 + 3)]).toEqual([0, 2, 3]);
  });

  it(`finds every token again, whatever the lengths (seed ${seed})`, () => {
    const random = seeded();
    for (let n = 1; n <= 40; n++) {
      arena.reset();
      const sentences = Array.from({ length: n }, () =>
        Int32Array.from({ length: 1 + random.below(12) }, () => random.below(30)),
      );
      const batch = makeBatch(sentences, arena);
      const { distinct, slots } = distinctForms(batch.forms);
      const rows = new Set<number>();
      sentences.forEach((sentence, s) => {
        expect(batch.order[batch.rank[s]]).toBe(s);
        sentence.forEach((form, t) => {
          const row = batch.firstRows[t] + batch.rank[s];
          rows.add(row);
          expect(batch.forms[row], `sentence ${s}, token ${t}`).toBe(form);
          expect(distinct[slots[row]]).toBe(form);
        });
      });
      expect(rows.size).toBe(batch.tokens);
      const lengths = Array.from(batch.order, (s) => sentences[s].length);
      expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
      expect(stepsOf(batch)).toEqual(ragged(lengths).steps);
      expect(batch.firstRows).toEqual(ragged(lengths).steps);
      expect(new Set(distinct).size).toBe(distinct.length);
    }
  });
});
