/** The tagger of a worker thread of a `TaggerPool`: made at its first job, and kept. Forms and working memory are its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { BorrowedMemory, type MemoryRequest } from '../../core/borrowed-memory.js';
import { attachEngine } from '../../core/engine.js';
import { Network } from '../network.js';
import { Tagger } from '../tagger.js';
import type { SharedTagger, WorkerRequest } from './shared.js';

let tagger: Tagger | undefined;

export function workerTagger(): Tagger {
  tagger ??= attach(workerData as SharedTagger);
  return tagger;
}

/** What the pool was opened with for the module of this thread. */
export const workerSettings = (): unknown => (workerData as SharedTagger).data;

function attach({ config, network, memory, build }: SharedTagger): Tagger {
  const replies = new SharedArrayBuffer(4);
  const send = (request: MemoryRequest) =>
    parentPort?.postMessage({ ...request, replies } satisfies WorkerRequest);
  const engine = attachEngine(new BorrowedMemory(memory, replies, 0, send), build);
  return new Tagger({ config, network: Network.attach(network, engine) });
}
