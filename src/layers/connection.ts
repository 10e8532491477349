/** What a connection is: a way around a layer whose input is as wide as its output. */
import type { Matrix } from '../core/matrix.js';
import type { Run } from '../core/run.js';
import type { Layer } from './in-turn.js';

/** The layer with what leads around it. */
export type Connection = (x: Matrix, layer: Layer, run: Run) => ReturnType<Layer>;
