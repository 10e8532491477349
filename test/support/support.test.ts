import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/core/engine.js';
import { combine, numbers, seeded } from './arrays.js';
import { exact, expectClose, roundings } from './close.js';
import { expectGradient } from './gradcheck.js';
import { GuardedMemory } from './memory.js';

describe('guarded memory', () => {
  const { heap } = createEngine('plain');
  const write = (offset: number, target: 'input' | 'output') => () => {
    const memory = new GuardedMemory(heap);
    const values = numbers(3, seeded());
    const address = target === 'input' ? memory.input(values) : memory.output(values).address;
    heap.u8[address + offset] ^= 1;
    memory.verify();
  };

  it('notices a write before and after an array, and into an input', () => {
    expect(write(-1, 'output')).toThrow('before an array was written to, at byte -1');
    expect(write(12, 'output')).toThrow('after an array was written to, at byte 0');
    expect(write(5, 'input')).toThrow('an input was written to, at byte 5');
    expect(write(11, 'output')).not.toThrow();
  });

  it('notices an addition right before and after an array', () => {
    for (const offset of [-1, 3]) {
      const memory = new GuardedMemory(heap);
      const { address } = memory.output(numbers(3, seeded()));
      heap.f32[address / 4 + offset] += 1;
      expect(() => memory.verify()).toThrow('was written to');
    }
  });

  it('reads back what is there', () => {
    const block = new GuardedMemory(heap).output(Float32Array.of(1, 2, 3));
    heap.f32[block.address / 4 + 1] = 7;
    expect(block.read()).toEqual(Float32Array.of(1, 7, 3));
  });
});

describe('expectClose', () => {
  it('takes equal and near values, and NaN for NaN alone', () => {
    expectClose([1, Number.NaN, Infinity], [1, Number.NaN, Infinity], exact);
    expectClose([1 + 2 ** -24], [1], roundings(1));
    expect(() => expectClose([1 + 2 ** -23], [1], roundings(1))).toThrow('allowed');
    expect(() => expectClose([Number.NaN], [1], roundings(1))).toThrow('element 0 is NaN instead of 1');
    expect(() => expectClose([1], [Number.NaN], roundings(1))).toThrow();
    expect(() => expectClose([1], [1, 2], exact)).toThrow('1 values instead of 2');
  });
});

describe('expectGradient', () => {
  const values = Float32Array.of(0.5, -1, 2);
  const loss = () => values.reduce((sum, v) => sum + Math.sin(v) * v, 0);
  const gradient = Array.from(values, (v) => Math.cos(v) * v + Math.sin(v));

  it('accepts the right gradient and leaves the values as they were', () => {
    expectGradient({ name: 'x', values: () => values, gradient, loss, tolerance: 1e-5 });
    expect(values).toEqual(Float32Array.of(0.5, -1, 2));
  });

  it('takes the slope of one side next to a kink, when told that there are kinks', () => {
    const x = Float32Array.of(0.003);
    const bent = { name: 'x', values: () => x, loss: () => Math.max(2 * x[0], -3 * x[0]), tolerance: 1e-4 };
    expectGradient({ ...bent, gradient: [2], kinks: true });
    expect(() => expectGradient({ ...bent, gradient: [2] })).toThrow('dx[0]');
    expect(() => expectGradient({ ...bent, gradient: [1.9], kinks: true })).toThrow('dx[0]');
  });

  it('refuses one that is half a percent wrong', () => {
    const wrong = gradient.map((g, i) => (i === 1 ? g * 1.005 : g));
    expect(() => expectGradient({ name: 'x', values: () => values, gradient: wrong, loss })).toThrow('dx[1]');
  });
});

it('combine makes every combination', () => {
  expect(combine({ a: [1, 2], b: ['x', 'y'] })).toEqual([
    { a: 1, b: 'x' },
    { a: 1, b: 'y' },
    { a: 2, b: 'x' },
    { a: 2, b: 'y' },
  ]);
});
