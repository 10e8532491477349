/** Attention of a sentence, with and without distances and dropout, against float64. */
import { describe, it } from 'vitest';
import { hash } from '../../src/core/random.js';
import { combine, numbers, seeded, unset } from '../support/arrays.js';
import { type Attention, attend } from '../support/attention.js';
import { eachBuild } from '../support/builds.js';
import { exact, expectClose, roundings } from '../support/close.js';
import type { GuardedMemory } from '../support/memory.js';
import { slopes } from '../support/slopes.js';

interface Case {
  readonly t: number;
  readonly heads: number;
  readonly size: number;
  readonly relative: boolean;
  /** How many more tokens the longest sentence has. */
  readonly more: number;
  readonly rate: number;
}

const kinds = { relative: [false, true], rate: [0, 0.3] };
const small = [
  ...combine<Case>({ t: [1, 2, 3, 4, 5, 8, 9], heads: [1, 2], size: [1, 3, 8], more: [0], ...kinds }),
  ...combine<Case>({ t: [1, 4, 7], heads: [1], size: [4], more: [1, 5, 8, 30], relative: [true], rate: [0] }),
];
/** Tokens are taken 60 at a time: a block, one more, and several, the last of one token. */
const long = combine<Case>({ t: [60, 61, 121], heads: [2], size: [5, 16], more: [3], ...kinds });

const BLOCK = 60;
const GAP = 3;
const keys = [123456789, -987654321] as const;

/** Scores are below 2 · size in size; a probability is a sum's share. */
const tolerance = roundings(256, 2);
/** Finite differences of float64 err less than that; sums over up to 121 tokens. */
const gradientTolerance = roundings(512, 4);

function problem(one: Case) {
  const { t, heads, size, relative, rate, more } = one;
  const width = heads * size;
  const longest = t + more;
  const random = seeded(t, heads, size);
  const distances = numbers((2 * longest - 1) * size, random);
  const kept = (head: number, i: number, j: number) => {
    const first = Math.floor(i / BLOCK) * BLOCK;
    const [a, b] = [hash(2 * head, ...keys), hash(2 * head + 1, ...keys)];
    const bits = hash((i - first) * t + j, hash(2 * first, a, b), hash(2 * first + 1, a, b)) >>> 8;
    return bits < Math.trunc(Math.fround(rate) * 2 ** 24) ? 0 : 1 / (1 - rate);
  };
  const attention: Attention = {
    t,
    heads,
    size,
    scale: relative ? 1 : 0.5,
    qkv: Float64Array.from(numbers(t * 3 * width, random)),
    content: Float64Array.from(numbers(width, random)),
    position: relative ? Float64Array.from(numbers(width, random)) : undefined,
    vectorOf: (distance) => {
      const row = distance + longest - 1;
      return distances.subarray(row * size, (row + 1) * size);
    },
    kept,
  };
  return { attention, distances, longest, width, dOut: numbers(t * width, random) };
}

/** Rows of `width` numbers with gaps between them and behind the last. */
function spaced(values: ArrayLike<number>, width: number): Float32Array {
  const rows = values.length / width;
  const out = new Float32Array(rows * (width + GAP)).fill(0.25);
  for (let i = 0; i < values.length; i++) {
    out[Math.floor(i / width) * (width + GAP) + (i % width)] = values[i];
  }
  return out;
}

eachBuild(({ kernels, check }) => {
  function forward(one: Case, data: ReturnType<typeof problem>, memory: GuardedMemory, keeps = true) {
    const { t, heads, size, relative, rate } = one;
    const { attention, distances, longest, width } = data;
    const count = 2 * longest - 1;
    const place = (values: Float64Array) => memory.input(Float32Array.from(values));
    const packed = (k: number, n: number, transposed: boolean) => {
      const block = memory.output(unset(Math.ceil(n / 8) * 8 * k));
      const pack = transposed ? kernels.pack_transposed : kernels.pack;
      pack(k, n, memory.input(distances), size, block.address);
      return block.address;
    };
    const qkv = memory.input(spaced(attention.qkv, 3 * width));
    const content = place(attention.content);
    const position = attention.position ? place(attention.position) : 0;
    const p = memory.output(unset(keeps ? heads * t * t : kernels.attention_room(t) / 4));
    const out = memory.output(spaced(unset(t * width), width));
    const work = memory.output(unset(kernels.attention_work(t, size) / 4));
    const columns = relative ? packed(size, count, true) : 0;
    const rows = relative ? packed(count, size, false) : 0;
    const next = keeps ? t * t * 4 : 0;
    kernels.attention_forward(
      t,
      heads,
      size,
      attention.scale,
      qkv,
      3 * width + GAP,
      content,
      position,
      columns,
      longest,
      rate,
      ...keys,
      p.address,
      next,
      out.address,
      width + GAP,
      work.address,
    );
    return { qkv, content, p, out, work, rows };
  }

  function backward(one: Case, data: ReturnType<typeof problem>, memory: GuardedMemory) {
    const { t, heads, size, rate, relative } = one;
    const { attention, longest, width, dOut } = data;
    const { qkv, content, p, work, rows } = forward(one, data, memory);
    const dqkv = memory.output(spaced(unset(t * 3 * width), 3 * width));
    const before = numbers(width, seeded(width));
    const [dContent, dPosition] = [memory.output(before), memory.output(before)];
    kernels.attention_backward(
      t,
      heads,
      size,
      attention.scale,
      qkv,
      3 * width + GAP,
      content,
      rows,
      longest,
      rate,
      ...keys,
      p.address,
      t * t * 4,
      memory.input(spaced(dOut, width)),
      width + GAP,
      dqkv.address,
      3 * width + GAP,
      dContent.address,
      relative ? dPosition.address : 0,
      work.address,
    );
    return { dqkv, dContent, dPosition, before };
  }

  describe('attention_forward', () => {
    it('gives every token its mixture of all tokens, and saves the probabilities', () => {
      check([...small, ...long], (one, memory) => {
        const data = problem(one);
        const { p, out } = forward(one, data, memory);
        const expected = attend(data.attention);
        expectClose(p.read(), expected.p, tolerance, 'p');
        expectClose(out.read(), spaced(expected.out, data.width), tolerance, 'out');
      });
    });

    it('gives the same with the room of attention_room only, where no backward pass follows', () => {
      check([...small, ...long], (one, memory) => {
        const data = problem(one);
        const expected = forward(one, data, memory).out.read();
        expectClose(forward(one, data, memory, false).out.read(), expected, exact);
      });
    });

    it('gives probabilities of sum 1, however large the scores are', () => {
      const cases = [...small, ...long].filter(({ t, rate }) => t > 1 && rate === 0);
      check(cases, (one, memory) => {
        const data = problem(one);
        const { attention } = data;
        const large = { ...attention, qkv: attention.qkv.map((value) => 100 * value) };
        const p = forward(one, { ...data, attention: large }, memory).p.read();
        for (let row = 0; row < p.length; row += one.t) {
          const sum = p.subarray(row, row + one.t).reduce((total, value) => total + value, 0);
          expectClose([sum], [1], roundings(one.t));
        }
      });
    });

    it('with distances, weighs tokens against each other the same wherever the sentence stands', () => {
      const t = 6;
      const before = 3;
      check(combine({ size: [4, 5], more: [0, 9] }), ({ size, more }, memory) => {
        const one = { t: t + before, heads: 1, size, relative: true, more, rate: 0 };
        const data = problem(one);
        const inside = forward(one, data, memory).p.read();
        const { attention, distances } = data;
        // The same without the first tokens, and so with fewer distances on either side.
        const alone = forward(
          { ...one, t },
          {
            ...data,
            attention: { ...attention, t, qkv: attention.qkv.subarray(before * 3 * size) },
            distances: distances.subarray(before * size, distances.length - before * size),
            longest: data.longest - before,
          },
          memory,
        ).p.read();
        for (let i = 0; i < t; i++) {
          const ratios = (row: Float32Array) => Array.from(row, (value) => Math.log(value / row[0]));
          const from = (i + before) * (t + before) + before;
          const expected = ratios(alone.subarray(i * t, (i + 1) * t));
          expectClose(
            ratios(inside.subarray(from, from + t)),
            expected,
            roundings(64, 4),
            `token ${i}, ratio`,
          );
        }
      });
    });
  });

  describe('attention_backward', () => {
    it('gives the gradients of finite differences', () => {
      const cases = small.filter(({ t, size }) => t * size < 30);
      check(cases, (one, memory) => {
        const data = problem(one);
        const { attention, dOut, width } = data;
        const { dqkv, dContent, dPosition, before } = backward(one, data, memory);
        const loss = () => attend(attention).out.reduce((sum, value, i) => sum + value * dOut[i], 0);
        const expected = spaced(slopes(attention.qkv, loss), 3 * width);
        expectClose(dqkv.read(), expected, gradientTolerance, 'dqkv');
        const sums = (part: Float64Array) => slopes(part, loss).map((slope, i) => slope + before[i]);
        expectClose(dContent.read(), sums(attention.content), gradientTolerance, 'dContent');
        const { position } = attention;
        if (position) expectClose(dPosition.read(), sums(position), gradientTolerance, 'dPosition');
      });
    });

    it('gives the slope along any direction, however long the sentence is', () => {
      const cases = long.filter(({ t, size }) => t > BLOCK && size === 5);
      check(cases, (one, memory) => {
        const data = problem(one);
        const { attention, dOut, width } = data;
        const { dqkv, dContent, dPosition, before } = backward(one, data, memory);
        const found = dqkv.read();
        const slopeAlong = (values: Float64Array, direction: (i: number) => number) => {
          const step = new Float64Array(1);
          const start = values.slice();
          const loss = () => {
            values.forEach((_, i) => {
              values[i] = start[i] + step[0] * direction(i);
            });
            return attend(attention).out.reduce((sum, value, i) => sum + value * dOut[i], 0);
          };
          const [slope] = slopes(step, loss);
          values.set(start);
          return slope;
        };
        const random = seeded(one.t);
        for (const part of [0, 1, 2]) {
          // q, k or v of some tokens.
          const direction = numbers(attention.qkv.length, random).map((value, i) =>
            Math.floor(i / width) % 3 === part ? value : 0,
          );
          const row = 3 * width;
          const along = direction.reduce(
            (sum, value, i) => sum + value * found[Math.floor(i / row) * (row + GAP) + (i % row)],
            0,
          );
          const expected = slopeAlong(attention.qkv, (i) => direction[i]);
          expectClose([along], [expected], roundings(4096, 8), `part ${part}`);
        }
        const { content, position } = attention;
        const sumOf = (d: Float32Array) => d.reduce((sum, value, i) => sum + value - before[i], 0);
        expectClose([sumOf(dContent.read())], [slopeAlong(content, () => 1)], roundings(4096, 8), 'dContent');
        if (!position) return;
        expectClose(
          [sumOf(dPosition.read())],
          [slopeAlong(position, () => 1)],
          roundings(4096, 8),
          'dPosition',
        );
      });
    });
  });
});
