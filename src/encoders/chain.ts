/** Encoders one behind the other: each reads what the one before it says. */
import { inTurn } from '../layers/in-turn.js';
import type { Encoder } from './encoder.js';

/** At least one. */
export function chain(links: readonly Encoder[]): Encoder {
  return {
    width: links[links.length - 1].width,
    lookahead: links.reduce((sum, { lookahead }) => sum + lookahead, 0),
    states: links.flatMap(({ states }) => states),
    forward: inTurn(links.map(({ forward }) => forward)),
  };
}
