/** Where a forward pass leaves the finite numbers: the first layer whose vectors or gates are not. */
import { rowNorms } from '../core/norms.js';
import type { Probe } from '../core/run.js';

/** Runs a pass with a probe; undefined where all that layers tell of is finite. */
export function firstNotFinite(pass: (probe: Probe) => void): string | undefined {
  let first: string | undefined;
  const look: Probe['states'] = (layer, values, run) => {
    if (!rowNorms(values, run).every(Number.isFinite)) first ??= layer;
  };
  pass({ states: look, gate: (layer, _, values, run) => look(layer, values, run) });
  return first;
}
