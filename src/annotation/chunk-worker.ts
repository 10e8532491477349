/** What runs in a worker thread for files: chunk after chunk. */
import { workerSettings, workerTagger } from '../tagger/threads/worker-tagger.js';
import type { Chunk, ChunkResult, ChunkSettings } from './chunk.js';
import { chunkWork } from './chunk-work.js';

let work: ((chunk: Chunk) => Promise<ChunkResult>) | undefined;

export default function annotateChunk(chunk: Chunk): Promise<ChunkResult> {
  work ??= chunkWork(workerTagger, workerSettings() as ChunkSettings);
  return work(chunk);
}
