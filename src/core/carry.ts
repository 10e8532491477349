/**
 * What recurrent layers hand from one pass to the next that goes on in the same sentences: windows of a document, or
 * tokens of a stream. Nothing flows back through it.
 */

import { type Matrix, matrix } from './matrix.js';
import type { Memory } from './memory.js';

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
