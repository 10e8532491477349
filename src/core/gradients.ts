/** The gradient block of a network and what concerns all of it: its norm, and where it is not finite. */
import type { Kernels } from './kernels.js';
import type { Params } from './params.js';
import type { TableGradient } from './run.js';

/** Euclidean norm of the whole gradient, tables included; not finite when a single value is not. */
export function gradientNorm(
  kernels: Kernels,
  params: Params,
  gradients: number,
  tables: readonly TableGradient[],
): number {
  let sum = kernels.sum_squares(params.size, gradients);
  for (const { table, count, values } of tables) sum += kernels.sum_squares(count * table.dim, values);
  return Math.sqrt(sum);
}

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
