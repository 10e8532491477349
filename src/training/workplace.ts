/** What a crew works on, all of it in the one shared memory: sentences, shards, gradients, and the optimizer's state. */
import type { EncodedTokens } from '../core/batch.js';
import { LaneStates } from '../core/carry.js';
import { SLACK } from '../core/memory.js';
import { Random } from '../core/random.js';
import type { Network } from '../tagger/network.js';
import { groupsOf as groupsOfStrands, type Strand } from '../tagger/pieces.js';
import { averageBlocks, type Blocks, bytesOf } from './blocks.js';
import { Board } from './board.js';
import { cutIntoWindows, cutOfStrands } from './cut.js';
import { groupsOf } from './groups.js';
import { stepsOf, walkLanes } from './lanes.js';
import { type Method, methodOf } from './method.js';
import type { CrewPlan, StatesPlan } from './plan.js';
import { cutIntoShards } from './shards.js';
import { ENTRY } from './table-sums.js';
import { watchShape } from './watch.js';
import { type EncodedSentence, Windows } from './windows.js';

type Chosen = 'optimizer' | 'schedule' | 'average' | 'epochs' | 'seed' | 'clip' | 'clipValue' | 'shards';

export interface WorkplaceOptions extends Pick<CrewPlan, Chosen> {
  /** Factors on the learning rate, by the beginning of names. */
  readonly rates: Readonly<Record<string, number>>;
  /** Sequences of a mini-batch. */
  readonly batch: number;
  /** Tokens of a window; null: no sequence is cut. */
  readonly tbptt: number | null;
  readonly members: number;
  readonly sentences: readonly EncodedSentence[];
  /** How many sentences each sequence has; without, one. */
  readonly documents?: readonly number[];
  /** The sentences that are tagged for the dev score. */
  readonly dev: readonly EncodedTokens[];
  /** How they are read; without, each by itself. */
  readonly devStrands?: readonly Strand[];
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
  private readonly train: Windows;
  private readonly dev: Windows;
  /** Windows of every sequence of train. */
  private readonly counts: Int32Array;
  private readonly lanes: number;
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
    this.lanes = Math.min(batch, options.documents?.length ?? sentences.length);
    this.reservedBefore = params.reservations;
    try {
      const groups = groupsOf(params, options.rates);
      const lengths = sentences.map(({ forms }) => forms.length);
      const { documents = lengths.map(() => 1), tbptt } = options;
      const cut = cutIntoWindows(lengths, documents, tbptt ?? Number.POSITIVE_INFINITY);
      this.counts = Int32Array.from(documents, (_, s) => cut.sequences[s + 1] - cut.sequences[s]);
      const steps = stepsOf(this.counts, this.lanes);
      const before = params.bytes;
      this.method = methodOf({ optimizer, average, steps }, params, kernels);
      this.averageBytes = bytesOf(averageBlocks(params, this.method));
      this.optimizerBytes = params.bytes - before - this.averageBytes;
      const allocate = (bytes: number) => this.zeros(bytes);
      this.train = Windows.store(heap, sentences, cut, allocate);
      const untagged = dev.map(({ forms, tracks }) => ({
        forms,
        tracks,
        tags: new Int32Array(forms.length),
      }));
      const devLengths = dev.map(({ forms }) => forms.length);
      const { devStrands = devLengths.map(alone) } = options;
      this.dev = Windows.store(heap, untagged, cutOfStrands(devLengths, devStrands), allocate);
      const tables = groups.tables.length;
      // Edges of matrix products write behind their block what was there, so that blocks of two threads lie apart.
      const gradientBytes = Math.ceil((params.size * 4 + SLACK) / 64) * 64;
      const devBounds = groupsOfStrands(devStrands, DEV_TOKENS);
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
        order: this.zeros(this.train.count * 4),
        lanes: this.zeros(this.train.count * 4),
        bounds: this.zeros((steps * shards + 1) * 4),
        states: this.statesOf(this.train, this.lanes, 1),
        dev: this.dev.layout,
        devBatches: devBounds.length - 1,
        devBounds: this.zeros(devBounds.length * 4),
        devStates: this.statesOf(this.dev, widestOf(devBounds), options.members),
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
    const order = new Random(plan.seed, epoch).permutation(train.sequenceCount);
    const steps = walkLanes(this.counts, order, this.lanes);
    const cut = cutIntoShards(steps, (window) => train.length(window), plan.shards);
    const { i32 } = this.network.engine.heap;
    i32.set(cut.windows, plan.order >>> 2);
    i32.set(cut.lanes, plan.lanes >>> 2);
    i32.set(cut.bounds, plan.bounds >>> 2);
  }

  /** The tags of the dev sentences, after they were tagged. */
  devTags(): Int32Array[] {
    return Array.from({ length: this.dev.partCount }, (_, sentence) => this.dev.tags(sentence).slice());
  }

  /** Views of what the lanes of train carry on; nothing where nothing is. */
  get laneStates(): Blocks {
    const { address, lanes } = this.plan.states;
    if (address === 0) return new Map();
    const { engine, stack } = this.network;
    const floats = LaneStates.bytes(lanes, stack.states) / 4;
    return new Map([['lanes', engine.heap.f32.subarray(address >>> 2, (address >>> 2) + floats)]]);
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

  /** Room for the states of so many lanes, and of so many members at a time. */
  private statesOf({ count, sequenceCount }: Windows, lanes: number, members: number): StatesPlan {
    const bytes = members * LaneStates.bytes(lanes, this.network.stack.states);
    return { lanes, address: count > sequenceCount && bytes > 0 ? this.zeros(bytes) : 0 };
  }

  private zeros(bytes: number): number {
    const block = this.network.engine.heap.allocateZeros(bytes);
    this.blocks.push(block);
    return block;
  }
}

/** A sentence that is read by itself. */
const alone = (tokens: number, sentence: number): Strand => [{ first: sentence, end: sentence + 1, tokens }];

const widestOf = (bounds: readonly number[]): number =>
  bounds.reduce((most, end, i) => (i === 0 ? most : Math.max(most, end - bounds[i - 1])), 0);
