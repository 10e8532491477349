/**
 * What recurrent layers hand from one pass to the next that goes on in the same sentences: windows of a document, or
 * tokens of a stream. Nothing flows back through it.
 */
import type { Arena } from './arena.js';
import type { Kernels } from './kernels.js';
import { type Matrix, matrix } from './matrix.js';
import type { Memory } from './memory.js';

/** Of a layer: the name of its state, and how many floats it has for a sentence. */
export interface StateShape {
  readonly name: string;
  readonly width: number;
}

export interface Carry {
  /**
   * The state of a layer, by the prefix of its parameters: row r belongs to the sentence of rank r, and there is one at
   * least for every sentence of the batch. A layer that reads forward takes it for what was before the first token, and
   * leaves there what is after each sentence's last.
   */
  state(name: string, width: number): Matrix;
}

/** States of up to so many sentences, zeros at first. Sorted from long to short, they keep their ranks as the shorter ones end. */
export class States implements Carry {
  private readonly memory: Memory;
  private readonly sentences: number;
  private readonly states = new Map<string, Matrix>();

  constructor(memory: Memory, sentences: number) {
    this.memory = memory;
    this.sentences = sentences;
  }

  state(name: string, width: number): Matrix {
    const known = this.states.get(name);
    if (known) return known;
    const fresh = matrix(this.memory.allocateZeros(this.sentences * width * 4), this.sentences, width);
    this.states.set(name, fresh);
    return fresh;
  }

  /** All zeros again: another document begins. */
  clear(): void {
    for (const { address, rows, cols } of this.states.values()) {
      this.memory.f32.fill(0, address >>> 2, (address >>> 2) + rows * cols);
    }
  }

  release(): void {
    for (const { address } of this.states.values()) this.memory.release(address);
    this.states.clear();
  }
}

/**
 * States of lanes: in each of them sequences stand one behind the other, window by window, and a pass takes the next window of
 * some of them. They lie in a block that several threads may work on, each on lanes of its own.
 */
export class LaneStates {
  private readonly memory: Memory;
  private readonly lanes: number;
  private readonly shapes: readonly StateShape[];
  private readonly block: number;

  /** `block` is the address of `bytes(lanes, shapes)` bytes. */
  constructor(memory: Memory, block: number, lanes: number, shapes: readonly StateShape[]) {
    this.memory = memory;
    this.block = block;
    this.lanes = lanes;
    this.shapes = shapes;
  }

  static bytes(lanes: number, shapes: readonly StateShape[]): number {
    return shapes.reduce((sum, { width }) => sum + lanes * width * 4, 0);
  }

  /**
   * The carry of a pass over some sequences, by rank. Once the pass has read everything, `keep` leaves the states in the lanes.
   */
  carry(sequences: readonly InLane[], { kernels, arena }: Working): Carry & { keep(): void } {
    const ids = arena.words(sequences.length);
    arena.heap.i32.set(
      sequences.map(({ lane, goesOn }) => (goesOn ? lane : -1)),
      ids >>> 2,
    );
    const used: { readonly from: Matrix; readonly state: Matrix }[] = [];
    return {
      state: (name) => {
        const from = this.lanesOf(name);
        const state = matrix(arena.words(sequences.length * from.cols), sequences.length, from.cols);
        kernels.gather(state.rows, state.cols, ids, from.address, from.rows, 0, state.address, state.stride);
        used.push({ from, state });
        return state;
      },
      keep: () => {
        const { f32 } = this.memory;
        for (const { from, state } of used) {
          sequences.forEach(({ lane }, rank) => {
            const start = state.address / 4 + rank * state.stride;
            f32.copyWithin(from.address / 4 + lane * from.stride, start, start + state.cols);
          });
        }
      },
    };
  }

  private lanesOf(name: string): Matrix {
    let address = this.block;
    for (const shape of this.shapes) {
      if (shape.name === name) return matrix(address, this.lanes, shape.width);
      address += this.lanes * shape.width * 4;
    }
    throw new Error(`no layer has said that it carries ${name}`);
  }
}

/** Where a sequence stands, and whether it goes on there; else it begins, with zeros. */
export interface InLane {
  readonly lane: number;
  readonly goesOn: boolean;
}

/** What a pass works with. */
export interface Working {
  readonly kernels: Kernels;
  readonly arena: Arena;
}
