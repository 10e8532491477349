/** Reads strands batch by batch: some side by side, the next piece of each in every pass, the state going on from piece to piece. */
import type { Arena } from '../core/arena.js';
import { type TrackLists, trackLists } from '../core/batch.js';
import { LaneStates } from '../core/carry.js';
import type { Network, Passage } from './network.js';
import { groupsOf, type Piece, type Strand } from './pieces.js';

/** Tokens of a batch: enough for long matrix products, few enough to stay in the cache. */
const BATCH_TOKENS = 512;

/** The words of a sentence or of a window of it, and their numbers in the tracks, which are those of the whole sentence. */
export interface Part {
  readonly words: readonly string[];
  readonly tracks: readonly Int32Array[];
}

/** What a pass reads: sequences of form ids, their tracks, and how they are cut into parts and go on. */
export interface Reading {
  readonly sequences: readonly Int32Array[];
  readonly tracks: TrackLists;
  readonly passage: Passage;
}

export class Reader {
  private readonly network: Network;
  private readonly arena: Arena;
  /** Made for the first strand of several pieces. */
  private states?: { readonly address: number; readonly lanes: number };

  constructor(network: Network, arena: Arena) {
    this.network = network;
    this.arena = arena;
  }

  /** Hands over what a pass reads, with the indices of its parts. */
  read(
    parts: readonly Part[],
    strands: readonly Strand[],
    handle: (reading: Reading, indices: readonly number[]) => void,
  ): void {
    const bounds = groupsOf(strands, BATCH_TOKENS);
    for (let group = 0; group + 1 < bounds.length; group++) {
      const own = strands.slice(bounds[group], bounds[group + 1]);
      const steps = own.reduce((most, { length }) => Math.max(most, length), 0);
      const states = steps > 1 ? this.statesFor(own.length) : undefined;
      for (let step = 0; step < steps; step++) {
        const pieces = own.flatMap((strand, lane) =>
          step < strand.length ? [{ ...strand[step], lane }] : [],
        );
        const indices = pieces.flatMap(({ first, end }) =>
          Array.from({ length: end - first }, (_, i) => first + i),
        );
        handle(this.readingOf(pieces, parts, states, step > 0), indices);
        this.network.forgetForms();
      }
    }
  }

  release(): void {
    if (this.states) this.network.engine.heap.release(this.states.address);
    this.states = undefined;
  }

  private readingOf(
    pieces: readonly (Piece & { readonly lane: number })[],
    parts: readonly Part[],
    states: LaneStates | undefined,
    goesOn: boolean,
  ): Reading {
    const { forms, tracks, engine } = this.network;
    const encoded = pieces.map(({ first, end }) =>
      parts.slice(first, end).map(({ words, tracks }) => ({ forms: forms.encode(words), tracks })),
    );
    const sequences = encoded.map((own) => ({
      forms: joined(own.map(({ forms }) => forms)),
      tracks: Array.from({ length: tracks.count }, (_, t) => joined(own.map(({ tracks }) => tracks[t]))),
    }));
    const working = { kernels: engine.kernels, arena: this.arena };
    return {
      sequences: sequences.map(({ forms }) => forms),
      tracks: trackLists(tracks.count, sequences),
      passage: {
        lengths: encoded.map((own) => own.map(({ forms }) => forms.length)),
        carry:
          states &&
          (({ order }) =>
            states.carry(
              Array.from(order, (s) => ({ lane: pieces[s].lane, goesOn })),
              working,
            )),
      },
    };
  }

  private statesFor(lanes: number): LaneStates | undefined {
    const { engine, stack } = this.network;
    const bytes = LaneStates.bytes(lanes, stack.states);
    if (bytes === 0) return undefined;
    if (!this.states || this.states.lanes < lanes) {
      this.release();
      this.states = { address: engine.heap.allocate(bytes), lanes };
    }
    return new LaneStates(engine.heap, this.states.address, this.states.lanes, stack.states);
  }
}

function joined(lists: readonly Int32Array[]): Int32Array {
  if (lists.length === 1) return lists[0];
  const whole = new Int32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    whole.set(list, at);
    at += list.length;
  }
  return whole;
}
