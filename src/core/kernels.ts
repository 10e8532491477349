/** The typed face of the kernels. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { AttentionKernels } from './kernel-types/attention.js';
import type { ConvolutionKernels } from './kernel-types/convolution.js';
import type { DecodingKernels } from './kernel-types/decoding.js';
import type { EmbeddingKernels } from './kernel-types/embedding.js';
import type { LayerNormKernels } from './kernel-types/layer-norm.js';
import type { MaskKernels } from './kernel-types/mask.js';
import type { MatrixKernels } from './kernel-types/matrix.js';
import type { MonitorKernels } from './kernel-types/monitor.js';
import type { OptimizerKernels } from './kernel-types/optimizer.js';
import type { RecurrentKernels } from './kernel-types/recurrent.js';

export interface Kernels
  extends MatrixKernels,
    EmbeddingKernels,
    RecurrentKernels,
    ConvolutionKernels,
    DecodingKernels,
    OptimizerKernels,
    LayerNormKernels,
    AttentionKernels,
    MaskKernels,
    MonitorKernels {}

export type Build = 'relaxed' | 'plain';

/** Lets V8 of Node 20 compile relaxed SIMD, which later versions do by themselves; must run before the first compilation. */
function allowRelaxedSimd(): void {
  if (Number(process.versions.node.split('.')[0]) < 22)
    setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/**
 * Compiles and links the kernels over a shared memory: the relaxed build where the machine takes it, else (or on
 * request) the plain one, whose results are the same bits everywhere.
 */
export function loadKernels(memory: WebAssembly.Memory, wanted?: Build): { build: Build; kernels: Kernels } {
  allowRelaxedSimd();
  const relaxed = wanted === 'plain' ? undefined : readBuild('relaxed');
  const build = relaxed && WebAssembly.validate(relaxed) ? 'relaxed' : 'plain';
  const bytes = build === 'relaxed' && relaxed ? relaxed : readBuild('plain');
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return { build, kernels: instance.exports as unknown as Kernels };
}

function readBuild(build: Build): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../wasm/${build}.wasm`, import.meta.url)));
}
