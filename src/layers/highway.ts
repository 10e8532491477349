/**
 * A highway around a layer (Srivastava et al. 2015): y = t ∘ h + (1 − t) ∘ x with gates t = sigmoid(x · W + b), h what the layer
 * makes of x. The gates begin nearly shut, so that a deep network begins as a shallow one.
 */
import type { Matrix } from '../core/matrix.js';
import type { Initializer, Params } from '../core/params.js';
import { addTo, blank } from '../core/product.js';
import type { Connection } from './connection.js';
import { linear } from './linear.js';

const shut: Initializer = (values) => {
  values.fill(-2);
};

export function highway(params: Params, name: string, width: number): Connection {
  const gate = linear(params, `${name}.gate`, width, width, { bias: shut });
  return (x, layer, run) => {
    const { kernels } = run;
    const [h, layerBackward] = layer(x, run);
    const [t, gateBackward] = gate.forward(x, run);
    const y = blank(x.rows, width, run);
    kernels.highway(x.rows, width, t.address, h.address, x.address, x.stride, y.address);
    const backward = (dy: Matrix) => {
      const [dh, dx] = [blank(x.rows, width, run), blank(x.rows, width, run)];
      const { address: d, stride } = dy;
      kernels.highway_backward(
        x.rows,
        width,
        t.address,
        h.address,
        x.address,
        x.stride,
        d,
        stride,
        dh.address,
        dx.address,
      );
      addTo(dx, gateBackward(t), run);
      addTo(dx, layerBackward(dh), run);
      return dx;
    };
    return [y, backward];
  };
}
