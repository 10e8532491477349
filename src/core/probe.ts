/** What layers tell of their activations to whoever asks for it in the run; where nobody does, it costs nothing. */
import type { Matrix } from './matrix.js';
import type { Run } from './run.js';

export interface Probe {
  /** The vectors of the tokens [N × width] behind a layer, named by the prefix of its parameters. */
  states(layer: string, vectors: Matrix, run: Run): void;
  /** The values of a gate [N × H], from 0 to 1. */
  gate(layer: string, gate: string, values: Matrix, run: Run): void;
}
