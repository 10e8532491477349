/** What goes between a tagger and the threads that work with it: its network exists once, in the shared memory. */
import type { MemoryRequest } from '../../core/borrowed-memory.js';
import type { Build } from '../../core/kernels.js';
import type { ModelConfig } from '../model-config.js';
import type { ParamsOfNetwork } from '../network.js';

/** All that a thread needs to make the same tagger, as plain data and the memory. */
export interface SharedTagger {
  readonly config: ModelConfig;
  readonly network: ParamsOfNetwork;
  readonly memory: WebAssembly.Memory;
  readonly build: Build;
  /** What the module of the workers is told beside its jobs. */
  readonly data: unknown;
}

/** What a thread sends beside its results. */
export type WorkerRequest = MemoryRequest & {
  /** Its `threadId`. */
  readonly thread: number;
  readonly replies: SharedArrayBuffer;
};
