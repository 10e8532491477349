/** Encoders one behind the other: each reads what the one before it says. */
import type { Matrix } from '../core/matrix.js';
import type { Encoder } from './encoder.js';

/** At least one. */
export function chain(links: readonly Encoder[]): Encoder {
  return {
    width: links[links.length - 1].width,
    lookahead: links.reduce((sum, { lookahead }) => sum + lookahead, 0),
    forward(x, run) {
      const backwards: ((dy: Matrix) => Matrix)[] = [];
      let y = x;
      for (const link of links) {
        const [out, backward] = link.forward(y, run);
        backwards.push(backward);
        y = out;
      }
      return [y, (dy) => backwards.reduceRight((d, backward) => backward(d), dy)];
    },
  };
}
