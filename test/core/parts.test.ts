import { describe, expect, it } from 'vitest';
import { Arena } from '../../src/core/arena.js';
import { makeBatch } from '../../src/core/batch.js';
import { Heap } from '../../src/core/heap.js';
import { partsOf } from '../../src/core/parts.js';
import { seed, seeded } from '../support/arrays.js';

const arena = new Arena(new Heap(new WebAssembly.Memory({ initial: 4, maximum: 64, shared: true })));

describe(`the parts of a batch, seed ${seed}`, () => {
  it('are a batch of their own, whose rows find those of the same tokens in the whole one, and back', () => {
    const random = seeded();
    for (let n = 1; n <= 40; n++) {
      arena.reset();
      const lengths = Array.from({ length: n }, () =>
        Array.from({ length: 1 + random.below(4) }, () => 1 + random.below(5)),
      );
      lengths[0] = [2, 1];
      let next = 0;
      const sequences = lengths.map((own) =>
        Int32Array.from({ length: own.reduce((sum, length) => sum + length, 0) }, () => next++),
      );
      const whole = makeBatch(sequences, arena);
      const { batch, rows, back } = partsOf(whole, sequences, lengths, arena)!;
      const at = (address: number, row: number) => arena.heap.i32[address / 4 + row];
      // Forms are numbered through, so they tell which token a row is.
      expect([...batch.forms].map((_, row) => whole.forms[at(rows, row)])).toEqual([...batch.forms]);
      expect([...whole.forms].map((_, row) => batch.forms[at(back, row)])).toEqual([...whole.forms]);
      let form = 0;
      lengths.flat().forEach((length, part) => {
        for (let t = 0; t < length; t++) {
          expect(batch.forms[batch.firstRows[t] + batch.rank[part]]).toBe(form++);
        }
      });
    }
  });

  it('are none where every sequence is one', () => {
    const sequences = [Int32Array.of(1, 2), Int32Array.of(3)];
    expect(partsOf(makeBatch(sequences, arena), sequences, [[2], [1]], arena)).toBeUndefined();
  });
});
