/** Offsets in code points and in UTF-16 code units. */
import { describe, expect, it } from 'vitest';
import { isInSurrogatePair, offsetsOf } from '../../src/text/offsets.js';
import { randomOf, textOf } from '../conformance/standoff-text.js';

describe('offsets in code points', () => {
  const text = 'a😀b😀😀';
  const { length, toUtf16, ofUtf16 } = offsetsOf(text, 'codepoint');

  it('count a surrogate pair once', () => {
    expect(length).toBe(5);
    expect([0, 1, 2, 3, 4, 5].map(toUtf16)).toEqual([0, 1, 3, 4, 6, 8]);
    expect([0, 1, 3, 4, 6, 8].map(ofUtf16)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('count a pair that an offset falls into', () => {
    expect(ofUtf16(2)).toBe(2);
  });

  it('stay as far beyond the text as they are', () => {
    expect(toUtf16(7)).toBe(text.length + 2);
    expect(ofUtf16(text.length + 2)).toBe(7);
    expect([toUtf16(-1), ofUtf16(-1)]).toEqual([-1, -1]);
  });

  it('count a lone surrogate once, as Python does', () => {
    const { length, toUtf16 } = offsetsOf('\ude00😀\ud83d\ud83d😀', 'codepoint');
    expect(length).toBe(5);
    expect([0, 1, 2, 3, 4, 5].map(toUtf16)).toEqual([0, 1, 3, 4, 5, 7]);
  });

  for (let seed = 1; seed <= 40; seed++) {
    it(`are those of the text as a list of code points: seed ${seed}`, () => {
      const text = textOf(randomOf(seed));
      const points = [...text];
      const { length, toUtf16, ofUtf16 } = offsetsOf(text, 'codepoint');
      expect(length).toBe(points.length);
      for (let i = 0; i <= points.length; i++) {
        const offset = points.slice(0, i).join('').length;
        expect([toUtf16(i), ofUtf16(offset)]).toEqual([offset, i]);
        expect(isInSurrogatePair(text, offset)).toBe(false);
      }
    });
  }
});

it('offsets in UTF-16 code units are what they are', () => {
  const { length, toUtf16, ofUtf16 } = offsetsOf('😀a', 'utf16');
  expect([length, toUtf16(1), ofUtf16(1)]).toEqual([3, 1, 1]);
});

it('an offset between the halves of a pair is told from those beside lone surrogates', () => {
  const text = '😀\ud83d\ud83d';
  expect([-1, 0, 1, 2, 3, 4, 5].filter((offset) => isInSurrogatePair(text, offset))).toEqual([1]);
});
