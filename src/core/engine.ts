/** One memory, its heap and the kernels over it. There is one engine a process: a memory reserves 8 GB of address space. */
import { Heap } from './heap.js';
import { type Build, type Kernels, loadKernels } from './kernels.js';
import type { Memory } from './memory.js';

export interface Engine {
  readonly build: Build;
  readonly kernels: Kernels;
  readonly heap: Memory;
}

const MAXIMUM_PAGES = 65_536;

/** The engine of the thread that made its memory, which alone allocates in it. */
export interface OwnEngine extends Engine {
  readonly heap: Heap;
}

export function createEngine(build?: Build): OwnEngine {
  const memory = new WebAssembly.Memory({ initial: 256, maximum: MAXIMUM_PAGES, shared: true });
  return { ...loadKernels(memory, build), heap: new Heap(memory) };
}

/** The engine of another thread on a memory that it did not make. */
export function attachEngine(heap: Memory, build: Build): Engine {
  return { ...loadKernels(heap.memory, build), heap };
}

let shared: OwnEngine | undefined;

/** The process's engine, made at the first call. */
export function engine(): OwnEngine {
  shared ??= createEngine();
  return shared;
}
