/** Layers of any recurrent cell that read forward, backward or both ways, with dropout around each (Schuster and Paliwal 1997). */
import { z } from 'zod';
import type { StateShape } from '../core/carry.js';
import { columns, type Matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import { blank } from '../core/product.js';
import type { Run } from '../core/run.js';
import { connections } from '../layers/connections.js';
import { dropout, sentenceDropout, tokenDropout } from '../layers/dropout.js';
import { inTurn, type Layer } from '../layers/in-turn.js';
import { layerNorm } from '../layers/layer-norm.js';
import { type Cell, recurrentDirection, recurrentInits } from '../layers/recurrent.js';
import type { Encoder } from './encoder.js';

/** The names of a table. */
function namesOf<Name extends string>(table: Record<Name, unknown>): Name[] {
  return Object.keys(table) as Name[];
}

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
  /** Whether these drop the same columns at all tokens of a sentence. */
  variational: z.boolean().default(false),
  /** Dropout on what a step hands to the recurrent product of the next, always the same columns in a sentence. */
  recurrentDropout: z.number().min(0).lt(1).default(0),
  /** Share of the tokens whose whole input is dropped. */
  tokenDropout: z.number().min(0).lt(1).default(0),
  /** What leads around a layer; the first has it where its input is as wide as its output. */
  connections: z.enum(namesOf(connections)).default('none'),
  /** Whether the output of every layer is normalised, before dropout and connection. */
  layerNorm: z.boolean().default(false),
  /** First values of the weights. */
  init: z.enum(namesOf(recurrentInits)).default('uniform'),
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
  const width = options.units * reversals[options.direction].length;
  const drop = options.variational ? sentenceDropout : dropout;
  const states: StateShape[] = [];
  const layers = Array.from({ length: options.layers }, (_, i) => {
    const [layerName, from] = [`${name}.${i}`, i === 0 ? input : width];
    const directions = directionsOf(cell, options, layerName, from, params);
    states.push(...directions.states);
    const layer = inTurn([
      directions.forward,
      ...(options.layerNorm ? [layerNorm(params, `${layerName}.norm`, width).forward] : []),
      (h, run) => drop(h, options.outputDropout, run),
    ]);
    const connection = connections[from === width ? options.connections : 'none'](params, layerName, width);
    return (x: Matrix, run: Run) => connection(x, layer, run);
  });
  const forward = inTurn([
    (x, run) => tokenDropout(x, options.tokenDropout, run),
    (x, run) => drop(x, options.inputDropout, run),
    ...layers,
  ]);
  const lookahead = options.direction === 'forward' ? 0 : Number.POSITIVE_INFINITY;
  return { width, lookahead, states, forward };
}

/** The directions of one layer side by side: columns 0 … H − 1 forward, then backward. */
function directionsOf(
  cell: Cell,
  options: RecurrentOptions,
  name: string,
  input: number,
  params: Params,
): { states: readonly StateShape[]; forward: Layer } {
  const { units, direction, init, recurrentDropout } = options;
  const directions = reversals[direction].map((reverse) => {
    const shape = { input, units, reverse, carries: true, dropout: recurrentDropout, init };
    return recurrentDirection(params, `${name}.${reverse ? 'backward' : 'forward'}`, cell, shape);
  });
  const forward: Layer = (x, run) => {
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
  return { states: directions.flatMap(({ states }) => states), forward };
}

/** One line for the log, after the name of the kind. */
export function describeRecurrent({ units, direction, layers, connections }: RecurrentOptions): string {
  const many = layers === 1 ? '' : `${layers} layers, `;
  const around = connections === 'none' ? '' : `, ${connections}`;
  return `${many}${units} units ${direction === 'both' ? 'a direction' : direction}${around}`;
}
