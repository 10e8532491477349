import { expect, it } from 'vitest';
import { Directions } from '../../../src/baselines/crf/direction.js';
import { arrive, multiply, PRODUCTS, turn, type Vectors } from '../../../src/baselines/crf/vectors.js';
import { numbers, seed, seeded } from '../../support/arrays.js';
import { expectClose, type Tolerance } from '../../support/close.js';

const N = 11;
const MEMORY = 3;
const tolerance: Tolerance = { reason: 'sums of products in another order', absolute: 1e-9 };
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Nocedal's recursion over the last steps and changes, the newest last. */
function twoLoops(
  g: Float64Array,
  pairs: readonly (readonly [s: Float64Array, y: Float64Array])[],
): Float64Array {
  let q = g.slice();
  const alphas: number[] = [];
  for (const [s, y] of [...pairs].reverse()) {
    const alpha = dot(s, q) / dot(s, y);
    alphas.unshift(alpha);
    q = q.map((value, i) => value - alpha * y[i]);
  }
  const [s, y] = pairs[pairs.length - 1];
  let r = q.map((value) => (value * dot(s, y)) / dot(y, y));
  pairs.forEach(([s, y], n) => {
    const beta = dot(y, r) / dot(s, y);
    r = r.map((value, i) => value + s[i] * (alphas[n] - beta));
  });
  return r.map((value) => -value);
}

it(`directions from products are those of the two loops, also when old steps are forgotten, seed ${seed}`, () => {
  const random = seeded(1);
  const vector = () => Float64Array.from(numbers(N, random));
  const several = () => Array.from({ length: MEMORY }, vector);
  const vectors: Vectors = {
    x: vector(),
    gradient: vector(),
    from: vector(),
    gradientFrom: vector(),
    direction: vector(),
    steps: several(),
    changes: several(),
  };
  const directions = new Directions(MEMORY);
  const curvature = vector().map((value) => 1.5 + value);
  const pairs: [Float64Array, Float64Array][] = [];
  for (let iteration = 0; iteration < 3 * MEMORY; iteration++) {
    const { x, gradient, from, gradientFrom, direction } = vectors;
    direction.set(vector());
    const step = 0.1 + random.uniform();
    for (let i = 0; i < N; i++) {
      x[i] = from[i] + step * direction[i];
      gradient[i] = gradientFrom[i] + curvature[i] * step * direction[i];
    }
    pairs.push([direction.map((value) => step * value), gradient.map((value, i) => value - gradientFrom[i])]);

    const newest = directions.nextSlot();
    const whole = [0, N] as const;
    expectClose([arrive(vectors, step, newest, whole)], [dot(gradient, gradient)], tolerance, 'square');
    const slots = directions.remembered;
    const values = new Float64Array(slots.length * PRODUCTS);
    slots.forEach((slot, i) => {
      multiply(vectors, newest, slot, whole, values, i * PRODUCTS);
    });
    const slope = turn(vectors, directions.combine({ values, width: PRODUCTS }), whole);

    const expected = twoLoops(gradient, pairs.slice(-MEMORY));
    expectClose(direction, expected, tolerance, `iteration ${iteration}, direction`);
    expectClose([slope], [dot(gradient, expected)], tolerance, 'slope');
    expect(slope).toBeLessThan(0);
  }
});
