/** What a crew works on, all of it in the one shared memory: sentences, shards, gradients, and the optimizer's state. */
import type { EncodedTokens } from '../core/batch.js';
import { SLACK } from '../core/memory.js';
import { Random } from '../core/random.js';
import type { Network } from '../tagger/network.js';
import { averageBlocks, bytesOf } from './blocks.js';
import { Board } from './board.js';
import { groupsOf } from './groups.js';
import { type Method, methodOf } from './method.js';
import type { CrewPlan } from './plan.js';
import { type EncodedSentence, Sentences } from './sentences.js';
import { cutIntoShards, stepsOf } from './shards.js';
import { ENTRY } from './table-sums.js';
import { watchShape } from './watch.js';

type Chosen = 'optimizer' | 'schedule' | 'average' | 'epochs' | 'seed' | 'clip' | 'clipValue' | 'shards';

export interface WorkplaceOptions extends Pick<CrewPlan, Chosen> {
  /** Factors on the learning rate, by the beginning of names. */
  readonly rates: Readonly<Record<string, number>>;
  /** Sentences of a mini-batch. */
  readonly batch: number;
  readonly members: number;
  readonly sentences: readonly EncodedSentence[];
  /** The sentences that are tagged for the dev score. */
  readonly dev: readonly EncodedTokens[];
}

/** Tokens of a batch of dev: enough for long matrix products, few enough to stay in the cache. */
const DEV_TOKENS = 512;

/**
 * Bytes: of the parameters, with kept vectors and packed copies; of the optimizer's state; of the average of the weights, 0
 * without one; of the gradients of all shards.
 */
export interface MemoryUse {
  readonly parameters: number;
  readonly optimizer: number;
  readonly average: number;
  readonly gradients: number;
  /** Of each member. */
  readonly arenas: readonly number[];
}

export class Workplace {
  readonly plan: CrewPlan;
  readonly board: Board;
  readonly network: Network;
  readonly method: Method;
  private readonly train: Sentences;
  private readonly dev: Sentences;
  private readonly batch: number;
  private readonly blocks: number[] = [];
  private readonly optimizerBytes: number;
  private readonly averageBytes: number;
  /** Blocks of the parameters without what the method keeps. */
  private readonly reservedBefore: number;
  private cutEpoch = 0;

  constructor(network: Network, options: WorkplaceOptions) {
    const { optimizer, schedule, average, epochs, seed, clip, clipValue, shards, batch, sentences, dev } =
      options;
    const { heap, kernels, build } = network.engine;
    const { params } = network;
    this.network = network;
    this.batch = batch;
    this.reservedBefore = params.reservations;
    try {
      const groups = groupsOf(params, options.rates);
      const steps = stepsOf(sentences.length, batch);
      const before = params.bytes;
      this.method = methodOf({ optimizer, average, steps }, params, kernels);
      this.averageBytes = bytesOf(averageBlocks(params, this.method));
      this.optimizerBytes = params.bytes - before - this.averageBytes;
      const allocate = (bytes: number) => this.zeros(bytes);
      this.train = Sentences.store(heap, sentences, allocate);
      const untagged = dev.map(({ forms, tracks }) => ({
        forms,
        tracks,
        tags: new Int32Array(forms.length),
      }));
      this.dev = Sentences.store(heap, untagged, allocate);
      const tables = groups.tables.length;
      // Edges of matrix products write behind their block what was there, so that blocks of two threads lie apart.
      const gradientBytes = Math.ceil((params.size * 4 + SLACK) / 64) * 64;
      const devBounds = cutByTokens(dev);
      const parts = tables + groups.parts.length;
      const board = { members: options.members, shards, parts, epochs, ...watchShape(params) };
      this.board = new Board(board);
      this.plan = {
        optimizer,
        schedule,
        average,
        epochs,
        seed,
        clip,
        clipValue,
        groups,
        shards,
        network: network.share(),
        build,
        gradients: this.zeros(shards * gradientBytes),
        gradientBytes,
        tableGradients: this.zeros((shards + 1) * tables * ENTRY * 4),
        train: this.train.layout,
        steps,
        order: this.zeros(sentences.length * 4),
        bounds: this.zeros((steps * shards + 1) * 4),
        dev: this.dev.layout,
        devBatches: devBounds.length - 1,
        devBounds: this.zeros(devBounds.length * 4),
        board,
      };
      heap.i32.set(devBounds, this.plan.devBounds >>> 2);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Prepares the shards of an epoch, unless they are. No member may be training. */
  cut(epoch: number): void {
    const { plan, train } = this;
    if (this.cutEpoch === epoch) return;
    this.cutEpoch = epoch;
    const order = new Random(plan.seed, epoch).permutation(train.count);
    const cut = cutIntoShards(order, (sentence) => train.length(sentence), this.batch, plan.shards);
    const { i32 } = this.network.engine.heap;
    i32.set(cut.sentences, plan.order >>> 2);
    i32.set(cut.bounds, plan.bounds >>> 2);
  }

  /** The tags of the dev sentences, after they were tagged. */
  devTags(): Int32Array[] {
    return Array.from({ length: this.dev.count }, (_, sentence) => this.dev.tags(sentence).slice());
  }

  get memory(): MemoryUse {
    const { optimizerBytes: optimizer, averageBytes: average, plan } = this;
    const { params } = this.network;
    const gradients = plan.shards * plan.gradientBytes;
    const parameters = params.bytes - optimizer - average;
    return { parameters, optimizer, average, gradients, arenas: [...this.board.arenas] };
  }

  release(): void {
    const { params, engine } = this.network;
    for (const block of this.blocks) engine.heap.release(block);
    this.blocks.length = 0;
    // The next training has a method of its own, which knows nothing of this one.
    params.unreserve(this.reservedBefore);
  }

  private zeros(bytes: number): number {
    const block = this.network.engine.heap.allocateZeros(bytes);
    this.blocks.push(block);
    return block;
  }
}

/** The first sentence of every batch, and the end. */
function cutByTokens(sentences: readonly EncodedTokens[]): number[] {
  const bounds = [0];
  let tokens = 0;
  sentences.forEach(({ forms: { length } }, sentence) => {
    if (tokens > 0 && tokens + length > DEV_TOKENS) {
      bounds.push(sentence);
      tokens = 0;
    }
    tokens += length;
  });
  if (sentences.length > 0) bounds.push(sentences.length);
  return bounds;
}
