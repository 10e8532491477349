/** Threads for a run: opened before there is work for them, since they take a moment to start. */
import { availableParallelism } from 'node:os';
import type { Crew } from '../training/crew.js';
import type { Workplace } from '../training/workplace.js';
import type { Pipeline } from './config.js';

export interface Hands {
  readonly members: number;
  readonly assemble: (workplace: Workplace) => Crew;
  /** Ends the threads, whatever they do. */
  dismiss(): Promise<void>;
}

/** Threads that are asked for: a number, or one a core. */
export function threadsOf(wanted: Pipeline['training']['workers']): number {
  return wanted === 'auto' ? availableParallelism() : wanted;
}

/** Threads of a run: as many as asked for, or one a core, and no more than there are shards to work on. */
export function workersOf({ training }: Pipeline, asked?: number): number {
  return Math.min(threadsOf(asked ?? training.workers), training.shards);
}

/** Undefined for one: that is the main thread itself. */
export async function hire(members: number): Promise<Hands | undefined> {
  if (members === 1) return undefined;
  const { openPool, PoolCrew } = await import('../training/pool-crew.js');
  const pool = openPool(members);
  return {
    members,
    assemble: (workplace) => new PoolCrew(workplace, pool),
    dismiss: () => pool.destroy(),
  };
}
