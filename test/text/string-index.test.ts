import { describe, expect, it } from 'vitest';
import { Heap } from '../../src/core/heap.js';
import { StringIndex, unitsOf } from '../../src/text/string-index.js';
import { seed, seeded } from '../support/arrays.js';

const heap = new Heap(new WebAssembly.Memory({ initial: 4, maximum: 65_536, shared: true }));

/** The index of strings, written between two guards that nothing may touch. */
function indexOf(strings: readonly string[]): StringIndex {
  const bytes = StringIndex.bytes(strings.length, unitsOf(strings));
  const guarded = heap.allocate(bytes + 16);
  heap.u8.fill(0xa5, guarded, guarded + bytes + 16);
  StringIndex.write(heap, guarded + 8, strings);
  const guards = [guarded, guarded + 8 + bytes].map((from) => [...heap.u8.subarray(from, from + 8)]);
  expect(guards).toEqual([Array(8).fill(0xa5), Array(8).fill(0xa5)]);
  return new StringIndex(heap, guarded + 8);
}

describe('an index of strings', () => {
  it('finds nothing in an empty one', () => {
    const index = indexOf([]);
    for (const text of ['', 'a', '\0']) expect(index.find(text)).toBe(-1);
  });

  it('numbers strings in order, the empty one and lone surrogates too', () => {
    const strings = [
      'b',
      '',
      'a',
      'ab',
      '😂',
      '\ud83d',
      '\ude02',
      'e\u0301',
      '\u00e9',
      '\0',
      '\0\0',
      'x'.repeat(5000),
    ];
    const index = indexOf(strings);
    expect(strings.map((text) => index.find(text))).toEqual(strings.map((_, i) => i));
    for (const text of ['A', 'abc', 'ba', '\0\0\0', 'x'.repeat(4999), 'e']) expect(index.find(text)).toBe(-1);
  });

  it('gives equal strings the number of the first', () => {
    const index = indexOf(['a', 'b', 'a', 'c', 'b']);
    expect(['a', 'b', 'c'].map((text) => index.find(text))).toEqual([0, 1, 3]);
  });

  it(`agrees with a Map on random strings, seed ${seed}`, () => {
    const random = seeded(1);
    const word = () =>
      Array.from({ length: random.below(6) }, () => String.fromCharCode(97 + random.below(5))).join('');
    for (const count of [1, 2, 3, 7, 8, 1000]) {
      const strings = [...new Set(Array.from({ length: count }, word))];
      const index = indexOf(strings);
      const map = new Map(strings.map((text, i) => [text, i]));
      for (let i = 0; i < 2000; i++) {
        const text = word();
        expect(index.find(text), JSON.stringify(text)).toBe(map.get(text) ?? -1);
      }
    }
  });

  it('finds strings whose hashes collide', () => {
    // Thousands of strings in few slots more: whatever the hash, some of them have to be looked for further on.
    const strings = Array.from({ length: 4095 }, (_, i) => `w${i}`);
    const index = indexOf(strings);
    expect(strings.map((text) => index.find(text))).toEqual(strings.map((_, i) => i));
    expect(index.find('w4095')).toBe(-1);
  });
});
