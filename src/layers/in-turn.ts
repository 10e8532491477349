/** Layers one behind the other: each reads what the one before it says. */
import type { Matrix } from '../core/matrix.js';
import type { Run } from '../core/run.js';

/** From x [N × D] to y [N × H], whose rows have no gaps between them. The backward function may overwrite dy. */
export type Layer = (x: Matrix, run: Run) => [y: Matrix, backward: (dy: Matrix) => Matrix];

export function inTurn(layers: readonly Layer[]): Layer {
  return (x, run) => {
    let y = x;
    const backwards = layers.map((layer) => {
      const [out, backward] = layer(y, run);
      y = out;
      return backward;
    });
    return [y, (dy) => backwards.reduceRight((d, backward) => backward(d), dy)];
  };
}
