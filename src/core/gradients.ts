/** Where parameters and gradients of a network are not finite. */
import type { Kernels } from './kernels.js';
import type { Params } from './params.js';
import type { TableGradient } from './run.js';

/** Names of the parameters that have a value that is not finite. */
export function notFinite(kernels: Kernels, params: Params): string[] {
  const isBad = (size: number, address: number) => !Number.isFinite(kernels.sum_squares(size, address));
  const dense = params.dense.filter((parameter) => isBad(parameter.size, params.address(parameter)));
  const tables = params.tables.filter((table) => isBad(table.rows * table.dim, params.tableAddress(table)));
  return [...dense, ...tables].map(({ name }) => name);
}

/** Names of the parameters whose gradient has a value that is not finite. */
export function notFiniteGradients(
  kernels: Kernels,
  params: Params,
  gradients: number,
  tables: readonly TableGradient[],
): string[] {
  const dense = params.dense.filter(
    ({ size, offset }) => !Number.isFinite(kernels.sum_squares(size, gradients + offset * 4)),
  );
  const sparse = tables.filter(
    ({ table, count, values }) => !Number.isFinite(kernels.sum_squares(count * table.dim, values)),
  );
  return [...dense.map(({ name }) => name), ...sparse.map(({ table }) => table.name)];
}
