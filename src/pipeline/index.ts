/** The pipeline for users of the library. Loaded at the first call: a service that only tags starts without it. */
import type { Comparison } from '../report/comparison.js';
import type { CompareOptions, ComparingRecord } from './comparison/compare-models.js';
import type { LoadOptions } from './config.js';
import type { RunRecord, RunResult } from './records.js';
import type { RunOptions } from './run.js';
import type { Pipeline } from './schema.js';
import type { Search } from './search/load.js';
import type { SearchOptions, SearchRecord, SearchResult } from './search/search.js';
import type { SeedsOptions, SeedsRecord, SeedsResult } from './seeds.js';

export type {
  CompareOptions,
  ComparingRecord,
  Comparison,
  LoadOptions,
  Pipeline,
  RunOptions,
  RunRecord,
  RunResult,
  Search,
  SearchOptions,
  SearchRecord,
  SearchResult,
  SeedsOptions,
  SeedsRecord,
  SeedsResult,
};

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

/** See `runSeeds` in seeds.ts. */
export async function* runSeeds(
  pipeline: Pipeline,
  options: SeedsOptions,
): AsyncGenerator<SeedsRecord, SeedsResult> {
  const seeds = await import('./seeds.js');
  return yield* seeds.runSeeds(pipeline, options);
}

/** See `loadSearch` in search/load.ts. */
export async function loadSearch(reference: string, options?: LoadOptions): Promise<Search> {
  const search = await import('./search/load.js');
  return search.loadSearch(reference, options);
}

/** See `runSearch` in search/search.ts. */
export async function* runSearch(
  search: Search,
  options: SearchOptions,
): AsyncGenerator<SearchRecord, SearchResult> {
  const module = await import('./search/search.js');
  return yield* module.runSearch(search, options);
}

/** See `compareModels` in comparison/compare-models.ts. */
export async function* compareModels(
  models: readonly [string, ...string[]],
  options?: CompareOptions,
): AsyncGenerator<ComparingRecord, Comparison> {
  const module = await import('./comparison/compare-models.js');
  return yield* module.compareModels(models, options);
}

/** See `writeReport` in ../report/write.ts. */
export async function writeReport(comparison: Comparison, folder: string): Promise<string[]> {
  const report = await import('../report/index.js');
  return report.writeReport(comparison, folder);
}
