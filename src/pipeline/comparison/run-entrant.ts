/** What an entrant says of the words of a split, and what that costs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaggedColumn } from '../../evaluation/index.js';
import type { Scheme } from '../../text/schemes.js';
import { usualMetric } from '../metric.js';
import { runPipeline } from '../run.js';
import type { EntrantSystem } from './entrants.js';
import { type MeasuredSystem, runSystem } from './run-system.js';
import type { Documents } from './system.js';

export interface Outcome {
  readonly tagged: TaggedColumn;
  /** Absent where somebody else has run it. */
  readonly run?: MeasuredSystem;
}

/** What is to be tagged, and with what. */
export interface Work {
  readonly documents: Documents;
  readonly scheme: Scheme;
  readonly labels: readonly string[];
}

/** Yields lines of progress. Throws what the systems throw, AbortError after the signal. */
export async function* runEntrant(
  system: EntrantSystem,
  { documents, scheme, labels }: Work,
  signal?: AbortSignal,
): AsyncGenerator<string, Outcome> {
  if ('predictions' in system) return { tagged: system.predictions };
  if ('onnx' in system) {
    const plan = { ...system, task: { scheme, labels, base: system.base } };
    return outcomeOf(yield* runSystem({ system: plan, documents }, signal));
  }
  if (!('pipeline' in system)) return outcomeOf(yield* runSystem({ system, documents }, signal));
  const folder = await mkdtemp(join(tmpdir(), 'tagger-'));
  try {
    const model = join(folder, system.pipeline.name);
    yield* train(system, model, signal);
    return outcomeOf(yield* runSystem({ system: { model }, documents }, signal));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const outcomeOf = (run: MeasuredSystem): Outcome => ({ tagged: run.measured, run });

async function* train(
  { pipeline, base, workers }: Extract<EntrantSystem, { pipeline: unknown }>,
  output: string,
  signal?: AbortSignal,
): AsyncGenerator<string, void> {
  for await (const record of runPipeline(pipeline, { output, base, workers, signal, skipTest: true })) {
    if (record.kind !== 'epoch') continue;
    const { epoch, epochs, dev } = record;
    yield `epoch ${epoch} of ${epochs}: dev ${dev[usualMetric(dev)].toFixed(2)}`;
  }
  signal?.throwIfAborted();
}
