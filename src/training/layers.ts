/** The layers of a network as monitors tell them apart: parameters of one prefix, and where these lie. */
import type { Params } from '../core/params.js';
import { cutIntoParts, type Floats } from './groups.js';

/** `encoder.0.forward` of `encoder.0.forward.weight`. */
export const layerOf = (parameter: string): string => parameter.slice(0, parameter.lastIndexOf('.'));

/** Floats that belong to one layer: of the flat block from `first` on, or the rows of a table that a step touches. */
export interface Stretch extends Floats {
  readonly layer: number;
}

export interface Layers {
  readonly names: readonly string[];
  /** What each job of the optimizer changes: a table that is tuned, then part after part of the flat block. */
  readonly jobs: readonly (readonly Stretch[])[];
}

export function layersOf({ dense, tables, size }: Params): Layers {
  const tuned = tables.filter((table) => table.tuned);
  const names = [...new Set([...dense, ...tuned].map(({ name }) => layerOf(name)))].sort();
  const indexOf = (parameter: string) => names.indexOf(layerOf(parameter));
  const ofTables = tuned.map(({ name }): Stretch[] => [{ layer: indexOf(name), first: 0, floats: 0 }]);
  const ofDense = dense.map(({ name, offset, size }) => ({
    layer: indexOf(name),
    first: offset,
    floats: size,
  }));
  return { names, jobs: [...ofTables, ...cutIntoParts(ofDense, size)] };
}
