/**
 * The checkpoints of a run, in the folder `MODEL.checkpoints` beside the model until that is saved. They hold the config
 * and fingerprints of all else that the result depends on, since going on with something else would give neither model.
 */
import { createHash } from 'node:crypto';
import { TaggerError } from '../core/errors.js';
import type { Corpus, Split } from '../corpus/load.js';
import type { Scores } from '../evaluation/index.js';
import type { Model } from '../tagger/model.js';
import type { Tensor } from '../tagger/safetensors.js';
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
import type { RunRecord } from './records.js';
import { isMapping } from './source.js';

/** What decides about the result: keys of the pipeline and names of other things, each with its value. */
export type Fingerprint = Readonly<Record<string, string>>;

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
    if (!this.options.force) this.compare(fingerprint, found);
    const { epoch, totals } = progress;
    yield { kind: 'resumed', text: `going on in epoch ${epoch}, after step ${totals.steps} of it`, epoch };
    return stateOf(found);
  }

  async save({ progress, parameters, optimizer, best }: TrainingState<Scores>): Promise<void> {
    this.known ??= this.fingerprint();
    const meta: Meta = { fingerprint: this.known, progress };
    const tensors = new Map<string, Tensor>();
    for (const [part, blocks] of Object.entries({ parameters, optimizer, best })) {
      for (const [name, values] of blocks ?? []) tensors.set(`${part}/${name}`, tensorOf(values));
    }
    await writeCheckpoint(this.folder, progress.count, { meta, tensors });
  }

  remove(): Promise<void> {
    return removeCheckpoints(this.folder);
  }

  private compare(before: Fingerprint, { file }: FoundCheckpoint): void {
    this.known = this.fingerprint();
    const now = this.known;
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    const changed = keys.filter((key) => before[key] !== now[key]);
    if (changed.length === 0) return;
    throw new TaggerError(
      'E_RESUME',
      changed.map((key) => ({
        message: `${key} has changed since the checkpoint`,
        place: { file },
        expected: before[key] ?? 'nothing',
        found: now[key] ?? 'nothing',
        hint: 'the old value; or --force to go on with the new one, whatever that gives; or without --resume, to start anew',
      })),
    );
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

/** Keys that change how a run goes, and not what comes of it. */
const indifferent = ['training.workers', 'training.checkpoint'];

export function fingerprintOf(
  pipeline: Pipeline,
  corpus: Corpus,
  { vocabularies, network }: Model,
): Fingerprint {
  const config = flatten(pipeline).filter(([key]) => !indifferent.includes(key));
  const vocabulary = pipeline.embeddings.map((options, i) => [
    `vocabulary of embeddings[${i}]`,
    sha256(JSON.stringify(embeddingKind(options).save(vocabularies[i]).json)),
  ]);
  return Object.fromEntries([
    ...config,
    ['train split of the corpus', hashOf(corpus.splits.train)],
    ['dev split of the corpus', hashOf(corpus.splits.dev)],
    ...vocabulary,
    // The builds differ in the last bits.
    ['build of the kernels', network.engine.build],
  ]);
}

/** The leaves of a config: `training.optimizer.rate` and its value as JSON. */
function flatten(value: unknown, path = ''): [key: string, value: string][] {
  const children = Array.isArray(value)
    ? value.map((item, i) => [`${path}[${i}]`, item] as const)
    : isMapping(value)
      ? Object.entries(value).map(([key, item]) => [path ? `${path}.${key}` : key, item] as const)
      : undefined;
  return children?.flatMap(([key, item]) => flatten(item, key)) ?? [[path, JSON.stringify(value)]];
}

function hashOf({ sentences }: Split): string {
  const hash = createHash('sha256');
  for (const { tokens, tags } of sentences) hash.update(`${tokens.join(' ')}\n${tags.join(' ')}\n`);
  return hash.digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
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
  const { parameters = none, optimizer = none, best } = parts;
  return { progress: (meta as Meta).progress, parameters, optimizer, best };
}

const none: Blocks = new Map();
