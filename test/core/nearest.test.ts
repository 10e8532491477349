import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/core/nearest.js';

describe('the nearest word', () => {
  it.each([
    ['a letter too few', 'epoch', 'epochs'],
    ['a letter too many', 'traain', 'train'],
    ['another letter', 'traim', 'train'],
    ['other capitals', 'LSTM', 'lstm'],
    ['two neighbours swapped', 'trian', 'train'],
  ])('is found for %s', (_, word, meant) => {
    expect(nearest(word, ['files', 'epochs', 'lstm', 'train'])).toBe(meant);
  });

  it('counts a swap of neighbours as one edit, so it wins over two other edits', () => {
    expect(nearest('tset', ['seat', 'test'])).toBe('test');
    // In three letters one edit is near enough, and two are not.
    expect(nearest('dve', ['train', 'dev'])).toBe('dev');
    expect(nearest('vxd', ['train', 'dev'])).toBeUndefined();
  });

  it('is none when nothing is near, and the first of equals', () => {
    expect(nearest('kernel', ['dev', 'test'])).toBeUndefined();
    expect(nearest('bat', ['cat', 'hat'])).toBe('cat');
    expect(nearest('', ['dev'])).toBeUndefined();
  });
});
