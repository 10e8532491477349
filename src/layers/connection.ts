/** What a connection is: a way around a layer whose input is as wide as its output. */
import type { Matrix } from '../core/matrix.js';
import type { Run } from '../core/run.js';

/** From x [N × D] to y [N × H], whose rows have no gaps between them. The backward function may overwrite dy. */
export type Layer = (x: Matrix, run: Run) => [y: Matrix, backward: (dy: Matrix) => Matrix];

/** The layer with what leads around it. */
export type Connection = (x: Matrix, layer: Layer, run: Run) => ReturnType<Layer>;
