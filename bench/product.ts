/** Our matrix product, timed: x [m × 200] · W [200 × 800], W packed once, as the weights of a network are. */
import { createEngine, type Engine } from '../dist/core/engine.js';
import type { Build } from '../dist/core/kernels.js';
import { packedBytes } from '../dist/core/packed.js';

export const inner = 200;
export const columns = 800;

/** Floating-point operations of one product. */
export const productFlops = (m: number): number => 2 * m * inner * columns;

export interface Product {
  run(times: number): void;
  /** y = x · W, a copy. */
  result(): Float32Array;
}

/** An engine of the build, or undefined where the machine cannot run it. */
export function engineOf(build: Build): Engine | undefined {
  const engine = createEngine(build);
  return engine.build === build ? engine : undefined;
}

export function ourProduct({ kernels, heap }: Engine, x: Float32Array, weights: Float32Array): Product {
  const m = x.length / inner;
  const [a, w, y] = [x.length, weights.length, m * columns].map((floats) => heap.allocate(floats * 4));
  const packed = heap.allocate(packedBytes(inner, columns));
  heap.f32.set(x, a >>> 2);
  heap.f32.set(weights, w >>> 2);
  kernels.pack(inner, columns, w, columns, packed);
  return {
    run(times) {
      for (let i = 0; i < times; i++) {
        kernels.matmul(m, columns, inner, a, inner, 1, packed, y, columns, false);
      }
    },
    result: () => heap.f32.slice(y >>> 2, (y >>> 2) + m * columns),
  };
}

/** Floats that look like activations and weights: uniform in ±1. */
export function noise(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  });
}
