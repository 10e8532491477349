/** The pipeline for users of the library. Loaded at the first call: a service that only tags starts without it. */
import type { LoadOptions } from './config.js';
import type { RunRecord, RunResult } from './records.js';
import type { RunOptions } from './run.js';
import type { Pipeline } from './schema.js';

export type { LoadOptions, Pipeline, RunOptions, RunRecord, RunResult };

/** See `loadPipeline` in config.ts. */
export async function loadPipeline(reference: string, options?: LoadOptions): Promise<Pipeline> {
  const config = await import('./config.js');
  return config.loadPipeline(reference, options);
}

/** See `runPipeline` in run.ts. */
export async function* runPipeline(
  pipeline: Pipeline,
  options?: RunOptions,
): AsyncGenerator<RunRecord, RunResult> {
  const run = await import('./run.js');
  return yield* run.runPipeline(pipeline, options);
}
