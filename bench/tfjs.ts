/**
 * The same product by @tensorflow/tfjs-backend-wasm, as fast as it gets: its SIMD build, one thread, production mode,
 * the same weight tensor in every call (XNNPACK packs it once), results never read back. A call costs about 4 µs
 * outside its kernel, 4 % of a product at M = 8.
 */
import { createRequire } from 'node:module';
import { columns, inner, type Product } from './product.js';

type Tfjs = typeof import('@tensorflow/tfjs-core');
type WasmBackend = typeof import('@tensorflow/tfjs-backend-wasm');

/** Loads tfjs so that it must use the SIMD build: no other file is in its list. */
export async function loadTfjs(): Promise<Tfjs> {
  const require = createRequire(import.meta.url);
  const tf: Tfjs = require('@tensorflow/tfjs-core');
  const wasm: WasmBackend = require('@tensorflow/tfjs-backend-wasm');
  const simd = require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');
  wasm.setWasmPaths({
    'tfjs-backend-wasm.wasm': simd,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': simd,
  });
  tf.enableProdMode();
  const isReady = await tf.setBackend('wasm');
  const hasSimd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const hasThreads = await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
  if (!isReady || tf.getBackend() !== 'wasm' || !hasSimd || hasThreads) {
    throw new Error(
      `tfjs is not what we compare with: backend ${tf.getBackend()}, SIMD ${hasSimd}, threads ${hasThreads}`,
    );
  }
  return tf;
}

export function tfjsProduct(tf: Tfjs, x: Float32Array, weights: Float32Array): Product {
  const a = tf.tensor2d(x, [x.length / inner, inner]);
  const w = tf.tensor2d(weights, [inner, columns]);
  return {
    run(times) {
      for (let i = 0; i < times; i++) tf.matMul(a, w).dispose();
    },
    result() {
      const y = tf.matMul(a, w);
      const values = y.dataSync<'float32'>().slice();
      y.dispose();
      return values;
    },
  };
}
