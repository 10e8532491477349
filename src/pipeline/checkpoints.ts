/**
 * The checkpoints of a run, in the folder `MODEL.checkpoints` beside the model until that is saved. They hold the config
 * and fingerprints of all else that the result depends on, since going on with something else would give neither model.
 */
import { createHash } from 'node:crypto';
import { TaggerError } from '../core/errors.js';
import type { Tensor } from '../core/safetensors.js';
import type { Corpus } from '../corpus/load.js';
import type { Scores } from '../evaluation/index.js';
import type { Model } from '../tagger/model.js';
import { embeddingKind } from '../tagger/stack.js';
import type { Blocks } from '../training/blocks.js';
import {
  type FoundCheckpoint,
  readLatestCheckpoint,
  removeCheckpoints,
  writeCheckpoint,
} from '../training/checkpoint-files.js';
import type { Progress, TrainingState } from '../training/state.js';
import type { Pipeline } from './config.js';
import { hashesOf } from './corpus-hash.js';
import { differencesOf, refuseDifferences } from './differences.js';
import { decisive } from './indifferent.js';
import type { RunRecord } from './records.js';

/** JSON: what decides about the result. */
export type Fingerprint = Readonly<Record<string, unknown>>;

interface Meta {
  readonly fingerprint: Fingerprint;
  readonly progress: Progress<Scores>;
}

export interface StoreOptions {
  /** Go on where the last run stopped, if there was one. */
  readonly resume: boolean;
  /** With `resume`, go on whatever has changed; else discard what there is. */
  readonly force: boolean;
}

export class CheckpointStore {
  private readonly folder: string;
  private readonly options: StoreOptions;
  private readonly fingerprint: () => Fingerprint;
  private known?: Fingerprint;

  constructor(model: string, options: StoreOptions, fingerprint: () => Fingerprint) {
    this.folder = checkpointFolder(model);
    this.options = options;
    this.fingerprint = fingerprint;
  }

  /** Where to go on. Throws E_RESUME when something has changed since. */
  async *latest(): AsyncGenerator<RunRecord, TrainingState<Scores> | undefined> {
    if (!this.options.resume) {
      if (this.options.force) await removeCheckpoints(this.folder);
      return undefined;
    }
    const found = await readLatestCheckpoint(this.folder);
    if (!found) {
      yield { kind: 'warning', text: `there is no checkpoint in ${this.folder}; training starts anew` };
      return undefined;
    }
    for (const { message, place } of found.skipped) {
      yield { kind: 'warning', text: `${place?.file}: ${message}; the one before it is used` };
    }
    const { fingerprint, progress } = found.meta as Meta;
    if (!this.options.force) {
      this.known = this.fingerprint();
      const advice =
        '--resume --force goes on with what there is now, whatever that gives; --force alone starts anew';
      refuseDifferences(found.file, differencesOf(fingerprint, this.known), advice);
    }
    const { epoch, totals } = progress;
    yield { kind: 'resumed', text: `going on in epoch ${epoch}, after step ${totals.steps} of it`, epoch };
    return stateOf(found);
  }

  async save({ progress, ...parts }: TrainingState<Scores>): Promise<void> {
    this.known ??= this.fingerprint();
    const meta: Meta = { fingerprint: this.known, progress };
    const tensors = new Map<string, Tensor>();
    for (const [part, blocks] of Object.entries(parts)) {
      for (const [name, values] of blocks ?? []) tensors.set(`${part}/${name}`, tensorOf(values));
    }
    await writeCheckpoint(this.folder, progress.count, { meta, tensors });
  }

  /** Of a run that is over. If they stay, nothing is lost but room. */
  async *remove(): AsyncGenerator<RunRecord> {
    const error = await removeCheckpoints(this.folder).then(
      () => undefined,
      (error: Error) => error,
    );
    if (error) yield { kind: 'warning', text: `the checkpoints stay: ${error.message}` };
  }
}

export function checkpointFolder(model: string): string {
  return `${model.replace(/[/\\]+$/, '')}.checkpoints`;
}

/** Throws E_USAGE where a run that starts anew would make the checkpoints of an interrupted one worthless. */
export async function refuseForgotten(model: string): Promise<void> {
  const folder = checkpointFolder(model);
  const found = await readLatestCheckpoint(folder).catch(() => undefined);
  if (!found) return;
  const { epoch } = (found.meta as Meta).progress;
  throw new TaggerError('E_USAGE', {
    message: 'a run into this folder was interrupted and can go on',
    place: { file: folder },
    found: `a checkpoint of epoch ${epoch}`,
    hint: '--resume to go on, --force to discard it and start anew, or another --output',
  });
}

/** All that decides about the result: keys of the pipeline, and other things by their names. */
export function fingerprintOf(
  pipeline: Pipeline,
  corpus: Corpus,
  { vocabularies, network }: Model,
): Fingerprint {
  const { params, engine } = network;
  const vocabulary = pipeline.embeddings.map((options, i) => {
    const { json, halves } = embeddingKind(options).save(vocabularies[i]);
    return [`vocabulary of embeddings[${i}]`, sha256(JSON.stringify(json), halves?.values)];
  });
  // What training changes is in the checkpoint.
  const frozen = params.tables.filter(({ tuned }) => !tuned);
  const tables = frozen.map((table) => [table.name, sha256(params.tableValues(table).slice())]);
  return {
    ...decisive(pipeline),
    ...hashesOf(corpus, ['train', 'dev'], pipeline),
    ...Object.fromEntries([...vocabulary, ...tables]),
    // The builds differ in the last bits.
    'build of the kernels': engine.build,
  };
}

function sha256(...parts: readonly (string | Uint16Array | Float32Array | undefined)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) if (part !== undefined) hash.update(part);
  return hash.digest('hex');
}

function tensorOf(values: Float32Array): Tensor {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { dtype: 'F32', shape: [values.length], bytes };
}

function stateOf({ meta, tensors }: FoundCheckpoint): TrainingState<Scores> {
  const parts: Record<string, Map<string, Float32Array>> = {};
  for (const [name, { bytes }] of tensors) {
    const slash = name.indexOf('/');
    const [part, block] = [name.slice(0, slash), name.slice(slash + 1)];
    parts[part] ??= new Map();
    // A copy, whose floats start where floats may.
    parts[part].set(block, new Float32Array(new Uint8Array(bytes).buffer));
  }
  const { parameters = none, optimizer = none, average, states, best } = parts;
  return { progress: (meta as Meta).progress, parameters, optimizer, average, states, best };
}

const none: Blocks = new Map();
