/** The tagger of a worker thread of a `TaggerPool`: made at its first job, and kept. Forms and working memory are its own. */
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { BorrowedMemory, type MemoryRequest } from '../../core/borrowed-memory.js';
import { attachEngine } from '../../core/engine.js';
import { Network } from '../network.js';
import { Tagger } from '../tagger.js';
import type { SharedTagger, WorkerRequest } from './shared.js';

let tagger: Tagger | undefined;

/** Throws E_MEMORY where there is none for it; the next job may find some. */
export function workerTagger(): Tagger {
  tagger ??= attach(workerData as SharedTagger);
  return tagger;
}

/** What the pool was opened with for the module of this thread. */
export const workerSettings = (): unknown => (workerData as SharedTagger).data;

function attach({ config, network: layout, memory, build }: SharedTagger): Tagger {
  const replies = new SharedArrayBuffer(4);
  const send = (request: MemoryRequest) =>
    parentPort?.postMessage({ ...request, thread: threadId, replies } satisfies WorkerRequest);
  const engine = attachEngine(new BorrowedMemory(memory, replies, 0, send), build);
  const network = Network.attach(layout, engine);
  try {
    return new Tagger({ config, network });
  } catch (error) {
    network.release();
    throw error;
  }
}
