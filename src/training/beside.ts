/** Floats that a training keeps beside the parameters, one for each: an optimizer's state, an average of the weights. */
import type { Params, Table } from '../core/params.js';

export interface Beside {
  readonly name: string;
  /** Address of those of the flat block. */
  readonly dense: number;
  /** Addresses of those of the tables that are tuned. */
  readonly tables: ReadonlyMap<Table, number>;
}

/** Zeros beside the parameters, reserved with them, so that other threads find them. */
export function zerosBeside(name: string, params: Params): Beside {
  const tuned = params.tables.filter((table) => table.tuned);
  return {
    name,
    dense: reserveZeros(params, params.size),
    tables: new Map(tuned.map((table) => [table, reserveZeros(params, table.rows * table.dim)])),
  };
}

/** Address of so many floats. */
export function reserveZeros(params: Params, floats: number): number {
  return params.reserve(floats * 4, (address) => {
    params.heap.f32.fill(0, address >>> 2, (address >>> 2) + floats);
  });
}
