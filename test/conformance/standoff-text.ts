/** Random texts of all that makes offsets go wrong. */

export interface Random {
  /** A whole number from 0 below `n`. */
  below(n: number): number;
  pick<T>(items: readonly T[]): T;
}

export function randomOf(seed: number): Random {
  let state = seed * 2654435761;
  const below = (n: number) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % n;
  };
  return { below, pick: (items) => items[below(items.length)] };
}

const pieces = [
  ...['a', 'Zo', 'é', 'e\u0301', '中字', 'שלום', 'مرحبا', '\u202e', '\u200f'],
  ...['😀', '👩\u200d🚀', '🇨🇭', '👍🏽', '\u{10ffff}', '𝒳'],
  ...[' ', '  ', '\u00a0', '\t', '\n', '\r\n', '\r', '\n\n', '\u2028', '\u0085', '\ufeff'],
  ...['\\', '"', "'", '<b>', '&amp;', '\\n', '\u0000', '\u0007', '[[', '##', '|', ';', ','],
];

/** `lone`: whether it may have surrogates without their other half. */
export function textOf(random: Random, { lone = true } = {}): string {
  const all = lone ? [...pieces, '\ud83d', '\ude00'] : pieces;
  return Array.from({ length: random.below(25) }, () => random.pick(all)).join('');
}
