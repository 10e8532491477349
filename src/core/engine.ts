/** One memory, its heap and the kernels over it. There is one engine a process: a memory reserves 8 GB of address space. */
import { Heap } from './heap.js';
import { type Build, type Kernels, loadKernels } from './kernels.js';

export interface Engine {
  readonly build: Build;
  readonly kernels: Kernels;
  readonly heap: Heap;
}

const MAXIMUM_PAGES = 65_536;

export function createEngine(build?: Build): Engine {
  const memory = new WebAssembly.Memory({ initial: 256, maximum: MAXIMUM_PAGES, shared: true });
  return { ...loadKernels(memory, build), heap: new Heap(memory) };
}

let shared: Engine | undefined;

/** The process's engine, made at the first call. */
export function engine(): Engine {
  shared ??= createEngine();
  return shared;
}
