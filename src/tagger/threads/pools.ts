/** The threads of one tagger: opened when there is work for them, and closed with it. */
import { TaggerError } from '../../core/errors.js';
import type { DocumentsPool } from '../annotate-many.js';
import type { ModelConfig } from '../model-config.js';
import type { Network } from '../network.js';
import type { PoolOptions, TaggerPool } from './pool.js';

export class TaggerPools {
  private readonly config: ModelConfig;
  private readonly network: Network;
  private readonly all: { close(): Promise<void> }[] = [];
  /** Those of `annotateMany`, by their numbers of threads. */
  private readonly documentsPools = new Map<number, Promise<DocumentsPool>>();
  private isClosed = false;

  constructor(config: ModelConfig, network: Network) {
    this.config = config;
    this.network = network;
  }

  /** Throws E_USAGE when the tagger is closed meanwhile. */
  async open<Job, Result>(options: PoolOptions): Promise<TaggerPool<Job, Result>> {
    const { TaggerPool } = await import('./pool.js');
    const { config, network } = this;
    if (this.isClosed) {
      throw new TaggerError('E_USAGE', { message: `the tagger ${config.pipeline.name} is closed` });
    }
    const { heap, build } = network.engine;
    const shared = { config, network: network.shareParams(), memory: heap.memory, build, data: options.data };
    const pool = new TaggerPool<Job, Result>(shared, heap, options);
    this.all.push(pool);
    return pool;
  }

  /** Kept for the next call with as many threads. */
  ofDocuments(threads: number): Promise<DocumentsPool> {
    const worker = new URL('./documents-worker.js', import.meta.url);
    const pool = this.documentsPools.get(threads) ?? this.open({ threads, worker });
    this.documentsPools.set(threads, pool);
    return pool;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const pool of this.all) await pool.close();
  }
}
