/** The numbers of a training that live in memory, as named blocks of floats: to copy, to save and to put back. */
import { TaggerError } from '../core/errors.js';
import type { Params } from '../core/params.js';
import type { Optimizer } from './optimizers.js';

export type Blocks = ReadonlyMap<string, Float32Array>;

/** Views of the parameters that training changes. Good until the memory grows. */
export function parameterBlocks(params: Params): Map<string, Float32Array> {
  const tuned = params.tables.filter((table) => table.tuned);
  const { f32 } = params.heap;
  return new Map([
    ['dense', f32.subarray(params.block >>> 2, (params.block >>> 2) + params.size)],
    ...tuned.map((table) => [table.name, params.tableValues(table)] as const),
  ]);
}

/** Views of the optimizer's state. */
export function stateBlocks(params: Params, { state }: Optimizer): Map<string, Float32Array> {
  const { f32 } = params.heap;
  const view = (address: number, floats: number) => f32.subarray(address >>> 2, (address >>> 2) + floats);
  return new Map(
    state.flatMap(({ name, dense, tables }) => [
      [`${name}.dense`, view(dense, params.size)] as const,
      ...Array.from(
        tables,
        ([table, address]) => [`${name}.${table.name}`, view(address, table.rows * table.dim)] as const,
      ),
    ]),
  );
}

/** A copy, in the buffers of an earlier one where there is one. */
export function copyBlocks(blocks: Blocks, into?: Blocks): Blocks {
  return new Map(
    Array.from(blocks, ([name, values]) => {
      const copy = into?.get(name) ?? new Float32Array(values.length);
      copy.set(values);
      return [name, copy];
    }),
  );
}

/** Puts saved values into blocks of the same names and sizes. Throws E_RESUME where they are others. */
export function fillBlocks(blocks: Blocks, saved: Blocks): void {
  for (const [name, values] of blocks) {
    const found = saved.get(name);
    if (found?.length !== values.length) {
      throw new TaggerError('E_RESUME', {
        message: `the checkpoint is of another network or optimizer: ${name}`,
        expected: `${values.length} floats`,
        found: found ? `${found.length} floats` : 'nothing of that name',
        hint: '--force alone, without --resume, starts anew',
      });
    }
    values.set(found);
  }
}
