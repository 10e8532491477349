/** The numbers of a training that live in memory, as named blocks of floats: to copy, to save and to put back. */
import { TaggerError } from '../core/errors.js';
import type { Params } from '../core/params.js';
import type { Beside } from './beside.js';
import type { Method } from './method.js';

export type Blocks = ReadonlyMap<string, Float32Array>;

/** Floats that are held aside at a time. */
const CHUNK = 65_536;

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
export function stateBlocks(params: Params, { optimizer }: Method): Map<string, Float32Array> {
  const named = optimizer.state.flatMap((beside) =>
    Array.from(
      besideBlocks(params, beside),
      ([block, values]) => [`${beside.name}.${block}`, values] as const,
    ),
  );
  return new Map(named);
}

/** Views of all that an average keeps; none where there is no average. */
export function averageBlocks(params: Params, { average }: Method): Map<string, Float32Array> {
  if (!average) return new Map();
  const rows = Array.from(
    average.rowStates,
    ([table, address]) => [`rows.${table.name}`, viewOf(params, address, table.rows)] as const,
  );
  return new Map([...besideBlocks(params, average.weights), ...rows]);
}

/** Views of floats beside the parameters, by the names of the parameters' own blocks. */
export function besideBlocks(params: Params, { dense, tables }: Beside): Map<string, Float32Array> {
  return new Map([
    ['dense', viewOf(params, dense, params.size)],
    ...Array.from(
      tables,
      ([table, address]) => [table.name, viewOf(params, address, table.rows * table.dim)] as const,
    ),
  ]);
}

function viewOf({ heap }: Params, address: number, floats: number): Float32Array {
  return heap.f32.subarray(address >>> 2, (address >>> 2) + floats);
}

export function bytesOf(blocks: Blocks): number {
  return Array.from(blocks.values()).reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Puts the values of blocks in each other's place. */
export function swapBlocks(blocks: Blocks, others: Blocks): void {
  for (const [name, values] of blocks) {
    const other = others.get(name) ?? values;
    for (let from = 0; from < values.length; from += CHUNK) {
      const held = values.slice(from, from + CHUNK);
      values.set(other.subarray(from, from + CHUNK), from);
      other.set(held, from);
    }
  }
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
        message: `the checkpoint is of another network or method of training: ${name}`,
        expected: `${values.length} floats`,
        found: found ? `${found.length} floats` : 'nothing of that name',
        hint: '--force alone, without --resume, starts anew',
      });
    }
    values.set(found);
  }
}
