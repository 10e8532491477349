/**
 * A part of the benchmark and its result. Each part runs in a process of its own: nothing that one part loads or
 * compiles is in the way of another, and the peak memory is the part's own.
 */
import type { Table } from './table.js';

export interface PartResult {
  /** Keys of the JSON report. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly tables: readonly Table[];
}

export interface Part {
  /** What it measures, in a few words. */
  readonly title: string;
  run(): Promise<PartResult>;
}

/** What the process of a part sends when it is done. */
export interface PartMessage extends PartResult {
  readonly peakBytes: number;
}
