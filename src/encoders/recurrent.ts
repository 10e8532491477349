/** Layers of any recurrent cell that read forward, backward or both ways, with dropout around each (Schuster and Paliwal 1997). */
import { z } from 'zod';
import { columns, type Matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import { blank } from '../core/product.js';
import type { Run } from '../core/run.js';
import { dropout } from '../layers/dropout.js';
import { type Cell, recurrentDirection } from '../layers/recurrent.js';
import type { Encoder } from './encoder.js';

/** The options that all recurrent kinds have. */
export const recurrentOptions = {
  /** Units of one direction. */
  units: z.int().min(1).max(4096).default(100),
  direction: z.enum(['forward', 'backward', 'both']).default('both'),
  layers: z.int().min(1).max(8).default(1),
  /** Dropout on the input of the first layer, the concatenated embeddings. */
  inputDropout: z.number().min(0).lt(1).default(0.5),
  /** Dropout on the output of every layer. */
  outputDropout: z.number().min(0).lt(1).default(0.5),
};

const schema = z.strictObject(recurrentOptions);

export type RecurrentOptions = z.infer<typeof schema>;

const reversals = { forward: [false], backward: [true], both: [false, true] };

export function recurrentEncoder(
  cell: Cell,
  options: RecurrentOptions,
  input: number,
  params: Params,
  name: string,
): Encoder {
  const directions = reversals[options.direction].length;
  const width = options.units * directions;
  const layers = Array.from({ length: options.layers }, (_, i) =>
    layerOf(cell, options, `${name}.${i}`, i === 0 ? input : width, params),
  );
  return {
    width,
    forward(x, run) {
      const [dropped, inputBackward] = dropout(x, options.inputDropout, run);
      let y = dropped;
      const backwards: ((dy: Matrix) => Matrix)[] = [inputBackward];
      for (const layer of layers) {
        const [h, layerBackward] = layer(y, run);
        const [out, dropoutBackward] = dropout(h, options.outputDropout, run);
        backwards.push(layerBackward, dropoutBackward);
        y = out;
      }
      return [y, (dy) => backwards.reduceRight((d, backward) => backward(d), dy)];
    },
  };
}

/** The directions of one layer side by side: columns 0 … H − 1 forward, then backward. */
function layerOf(
  cell: Cell,
  options: RecurrentOptions,
  name: string,
  input: number,
  params: Params,
): Encoder['forward'] {
  const { units, direction } = options;
  const directions = reversals[direction].map((reverse) => {
    const shape = { input, units, reverse, carries: true };
    return recurrentDirection(params, `${name}.${reverse ? 'backward' : 'forward'}`, cell, shape);
  });
  return (x, run: Run) => {
    const y = blank(x.rows, units * directions.length, run);
    const backwards = directions.map((layer, i) => layer.forward(x, columns(y, i * units, units), run));
    const backward = (dy: Matrix) => {
      const dx = blank(x.rows, input, run);
      backwards.forEach((each, i) => {
        each(columns(dy, i * units, units), dx, i > 0);
      });
      return dx;
    };
    return [y, backward];
  };
}

/** One line for the log, after the name of the kind. */
export function describeRecurrent({ units, direction, layers }: RecurrentOptions): string {
  return `${layers === 1 ? '' : `${layers} layers, `}${units} units ${direction === 'both' ? 'a direction' : direction}`;
}
