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

/**
 * Uniform in ±√(6 / (inputs + outputs)), times `factor`: the variance of values and of gradients stays as it is (Glorot and Bengio
 * 2010). `outputs` where the columns are several blocks of so many.
 */
export function glorot({ factor = 1, outputs }: { factor?: number; outputs?: number } = {}): Initializer {
  return (values, shape, random) => {
    const [rows, cols] = shape;
    uniform(factor * Math.sqrt(6 / (rows + (outputs ?? cols))))(values, shape, random);
  };
}
