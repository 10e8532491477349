/** A copy of all trained parameters: that of the best epoch. */
import type { Params } from '../core/params.js';

export type Snapshot = readonly Float32Array[];

function blocks(params: Params): Float32Array[] {
  const tuned = params.tables.filter((table) => table.tuned);
  return [...params.dense.map((p) => params.values(p)), ...tuned.map((table) => params.tableValues(table))];
}

/** Copies the parameters, into the buffers of an earlier snapshot where there is one. */
export function snapshot(params: Params, into?: Snapshot): Snapshot {
  return blocks(params).map((values, i) => {
    const copy = into?.[i] ?? new Float32Array(values.length);
    copy.set(values);
    return copy;
  });
}

export function restore(params: Params, saved: Snapshot): void {
  blocks(params).forEach((values, i) => {
    values.set(saved[i]);
  });
  params.version++;
}
