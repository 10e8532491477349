/** First values of parameters. */
import type { Initializer } from '../core/params.js';

export const zeros: Initializer = () => {};

export const ones: Initializer = (values) => {
  values.fill(1);
};

/** Uniform in ±range. */
export function uniform(range: number): Initializer {
  return (values, _shape, random) => {
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * range;
  };
}

/** Uniform with a variance of 2 / (inputs + outputs), where the columns are blocks of `outputs` (Glorot and Bengio 2010). */
export function glorot(outputs: number): Initializer {
  return (values, shape, random) => uniform(Math.sqrt(6 / (shape[0] + outputs)))(values, shape, random);
}
