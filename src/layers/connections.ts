/** What may lead around a layer of a deep encoder, by its name in a pipeline. */
import type { Matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import { addTo, copied } from '../core/product.js';
import type { Connection } from './connection.js';
import { highway } from './highway.js';

/** The layer alone. */
const none: Connection = (x, layer, run) => layer(x, run);

/** y = x + h, so that the layer learns what to add (He et al. 2016). */
const residual: Connection = (x, layer, run) => {
  const [h, layerBackward] = layer(x, run);
  // The layer may read h again.
  const y = copied(h, run);
  addTo(y, x, run);
  const backward = (dy: Matrix) => {
    const dx = layerBackward(copied(dy, run));
    addTo(dx, dy, run);
    return dx;
  };
  return [y, backward];
};

export const connections = {
  none: () => none,
  residual: () => residual,
  highway,
} as const satisfies Record<string, (params: Params, name: string, width: number) => Connection>;
