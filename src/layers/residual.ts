/** A branch around which its input goes, so that the branch learns what to add (He et al. 2016), with layer normalisation. */
import type { Matrix } from '../core/matrix.js';
import { addTo } from '../core/product.js';
import type { Run } from '../core/run.js';
import { dropout } from './dropout.js';
import type { LayerNorm } from './layer-norm.js';

/** y is new memory, which the branch does not read again; the backward function leaves dy as it is. */
export type Branch = (x: Matrix, run: Run) => [y: Matrix, backward: (dy: Matrix) => Matrix];

/** Matrices without gaps between their rows. The backward function leaves dy as it is. */
export type Residual = (x: Matrix, branch: Branch, run: Run) => [y: Matrix, backward: (dy: Matrix) => Matrix];

/** Where the normalisation stands, and with `rate` of what a branch adds dropped in training. */
export const residuals = {
  /** x + branch(norm(x)). */
  pre: (norm: LayerNorm, rate: number) => sum(rate, (branch) => inFront(norm, branch)),
  /** norm(x + branch(x)). */
  post: (norm: LayerNorm, rate: number) => {
    const plain = sum(rate, (branch) => branch);
    return (x, branch, run) => {
      const [s, sumBackward] = plain(x, branch, run);
      const [y, normBackward] = norm.forward(s, run);
      return [y, (dy) => sumBackward(normBackward(dy))];
    };
  },
} as const satisfies Record<string, (norm: LayerNorm, rate: number) => Residual>;

function inFront(norm: LayerNorm, branch: Branch): Branch {
  return (x, run) => {
    const [normal, normBackward] = norm.forward(x, run);
    const [y, branchBackward] = branch(normal, run);
    return [y, (dy) => normBackward(branchBackward(dy))];
  };
}

function sum(rate: number, around: (branch: Branch) => Branch): Residual {
  return (x, branch, run) => {
    const [added, branchBackward] = around(branch)(x, run);
    const [y, dropoutBackward] = dropout(added, rate, run);
    addTo(y, x, run);
    const backward = (dy: Matrix) => {
      const dx = branchBackward(dropoutBackward(dy));
      addTo(dx, dy, run);
      return dx;
    };
    return [y, backward];
  };
}
