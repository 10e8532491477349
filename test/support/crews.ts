/** Trainings by crews of threads on the tiny corpus. Only what is built can start threads, so all of it is from `dist`. */
import { createHash } from 'node:crypto';
import type { Piscina } from 'piscina';
import { createEngine, type OwnEngine } from '../../dist/core/engine.js';
import { Random } from '../../dist/core/random.js';
import { Network } from '../../dist/tagger/network.js';
import { strandsOf } from '../../dist/tagger/pieces.js';
import { embeddingKind } from '../../dist/tagger/stack.js';
import { weightsOf } from '../../dist/tagger/weights.js';
import { LocalCrew } from '../../dist/training/local-crew.js';
import {
  type EncodedSentence,
  type EpochDone,
  type TrainingOptions,
  type TrainingResult,
  type TrainingTask,
  train,
} from '../../dist/training/loop.js';
import { openPool, PoolCrew } from '../../dist/training/pool-crew.js';
import type { Workplace } from '../../dist/training/workplace.js';
import { seed } from './arrays.js';
import { configOf, constraints, type NetworkSize, tags } from './small-network.js';
import { corpus } from './tiny-corpus.js';
import { options, type Record } from './training.js';

/** One a process, whose memory reserves much address space. */
export const engine: OwnEngine = createEngine();

export interface CrewWishes
  extends NetworkSize,
    Partial<TrainingOptions>,
    Partial<Pick<TrainingTask<number>, 'seed' | 'signal' | 'checkpoints' | 'budget' | 'documents'>> {
  /** Threads, or a pool of so many; without, the work is done in this one. */
  readonly threads?: number | { readonly members: number; readonly pool: Piscina };
  /** The corpus so many times over. */
  readonly copies?: number;
  /** Words that no sentence has, for a large table. */
  readonly words?: number;
  /** The seed of the first values. */
  readonly first?: number;
  readonly on?: OwnEngine;
  /** Sees the workplace before training begins. */
  readonly watch?: (workplace: Workplace) => void;
}

/** A network with first values and the corpus as it takes it. Release the network. */
export async function crewTask({
  copies = 1,
  words = 0,
  first = seed,
  on = engine,
  ...size
}: CrewWishes = {}) {
  const counts = new Map<string, number>();
  for (const [word] of corpus.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  // Of letters: digits are all the same to the vocabulary.
  for (let i = 0; i < words; i++)
    counts.set(`w${[...String(i)].map((digit) => 'abcdefghij'[+digit]).join('')}`, 2);
  const config = configOf({ units: 8, dropout: 0.3, ...size });
  const vocabularies = await Promise.all(
    config.embeddings.map((each) => embeddingKind(each).learn(each, { counts, place: {}, warn: () => {} })),
  );
  const network = Network.create(config, vocabularies, tags.length, constraints, on);
  network.params.initialize(new Random(first));
  const all = Array.from({ length: copies }, () => corpus).flat();
  const sentences = all.map((sentence) => ({
    forms: network.forms.encode(sentence.map(([word]) => word)),
    tags: Int32Array.from(sentence, ([, tag]) => tags.indexOf(tag)),
  }));
  return { network, sentences };
}

export type CrewTask = Awaited<ReturnType<typeof crewTask>>;

/** Starts to train; the score is the percentage of the tokens whose tag is right. */
export function startCrew({ network, sentences }: CrewTask, wishes: CrewWishes = {}) {
  const { seed: own = seed, signal, checkpoints, budget, documents, threads, watch, ...more } = wishes;
  const { members, pool } =
    typeof threads === 'number' ? { members: threads, pool: openPool(threads) } : (threads ?? { members: 1 });
  const score = (found: readonly Int32Array[]) => {
    const value = percentRight(sentences, found);
    return { value, scores: value };
  };
  return train<number>({
    network,
    sentences,
    documents,
    dev: sentences,
    devStrands: documents && strandsOf(unitsOf(sentences, documents), more.tbptt ?? 1e9),
    options: { ...options, patience: 100, ...more },
    seed: own,
    score,
    signal,
    checkpoints,
    budget,
    crew: {
      members,
      assemble: (workplace) => {
        watch?.(workplace);
        return pool ? new PoolCrew(workplace, pool) : new LocalCrew(workplace);
      },
    },
  });
}

/** The lengths of the sentences, document by document. */
function unitsOf(sentences: readonly EncodedSentence[], documents: readonly number[]) {
  let end = 0;
  return documents.map((count) => {
    end += count;
    return sentences.slice(end - count, end).map(({ forms }) => ({ tokens: forms.length }));
  });
}

function percentRight(sentences: readonly EncodedSentence[], found: readonly Int32Array[]): number {
  const right = sentences.flatMap(({ tags: gold }, s) => Array.from(gold, (tag, t) => tag === found[s][t]));
  return (100 * right.filter(Boolean).length) / right.length;
}

export interface CrewOutcome {
  /** sha256 of the weights. */
  readonly weights: string;
  /** The epochs, without what depends on the clock. */
  readonly epochs: readonly Omit<EpochDone<number>, 'seconds' | 'tokensPerSecond'>[];
  readonly warnings: readonly string[];
  readonly result: TrainingResult;
}

/** Trains to the end and gives the memory back, after a failure too. */
export async function trainCrew(
  wishes: CrewWishes = {},
  see: (record: Record, task: CrewTask) => void = () => {},
): Promise<CrewOutcome> {
  const task = await crewTask(wishes);
  try {
    const run = startCrew(task, wishes);
    const epochs: CrewOutcome['epochs'][number][] = [];
    const warnings: string[] = [];
    let next = await run.next();
    for (; !next.done; next = await run.next()) {
      const record = next.value;
      see(record, task);
      if (record.kind === 'warning') warnings.push(record.text);
      if (record.kind !== 'epoch') continue;
      const { seconds, tokensPerSecond, ...others } = record;
      epochs.push(others);
    }
    return { weights: digestOf(task.network), epochs, warnings, result: next.value };
  } finally {
    task.network.release();
  }
}

export function digestOf(network: Network): string {
  const hash = createHash('sha256');
  for (const [name, { bytes }] of weightsOf(network)) hash.update(name).update(bytes);
  return hash.digest('hex');
}
