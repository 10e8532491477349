/** Rows of a table for the tokens of a batch: which row each token shows, the look-up, and the gradient of the rows that were touched. */
import type { Matrix } from '../core/matrix.js';
import type { Params, Table } from '../core/params.js';
import type { Run } from '../core/run.js';
import type { Column } from '../text/forms.js';

/** How often training shows a token as the unknown row 0: one that is rare, and any. The larger counts where both are given. */
export interface Hiding {
  readonly unknown: number;
  readonly dropout: number;
}

/**
 * Marks some rows of a table as rare, for all threads: a function from a row to its number, which is ~row of those. `rare` is
 * called in the thread that owns the parameters.
 */
export function markRare(
  params: Params,
  rows: number,
  rare: () => Iterable<number>,
): (row: number) => number {
  const { heap } = params;
  /** A byte a row. */
  const marks = params.reserve(rows, (address) => {
    heap.u8.fill(0, address, address + rows);
    for (const row of rare()) heap.u8[address + row] = 1;
  });
  return (row) => (row < rows && heap.u8[marks + row] === 1 ? ~row : row);
}

/** Address of the numbers of the batch's forms, i32 [N]. */
export function numbersOfForms(column: Column, { batch, arena }: Run): number {
  const { tokens, forms } = batch;
  const address = arena.words(tokens);
  const { i32 } = arena.heap;
  const [from, to] = [column.address >>> 2, address >>> 2];
  for (let i = 0; i < tokens; i++) i32[to + i] = i32[from + forms[i]];
  return address;
}

/** Address of the rows that tokens show, i32 [N], by their numbers: row, or ~row of a rare one. */
export function shownRows(numbers: number, { unknown, dropout }: Hiding, run: Run): number {
  const random = run.random?.fork();
  const { tokens } = run.batch;
  const address = run.arena.words(tokens);
  const { i32 } = run.arena.heap;
  const [from, to] = [numbers >>> 2, address >>> 2];
  for (let i = 0; i < tokens; i++) {
    const number = i32[from + i];
    const isRare = number < 0;
    const rate = isRare ? Math.max(unknown, dropout) : dropout;
    const isHidden = random !== undefined && rate > 0 && random.uniform() < rate;
    i32[to + i] = isHidden ? 0 : isRare ? ~number : number;
  }
  return address;
}

/**
 * Writes the rows of a table of `params` by their numbers, one for every row of out. Those from `table.rows` on are rows of half precision at
 * `halves`, which have no gradient.
 */
export function lookUp(
  { table, params, halves = 0 }: { readonly table: Table; readonly params: Params; readonly halves?: number },
  rows: number,
  out: Matrix,
  run: Run,
): (dout: Matrix) => void {
  const { kernels, arena } = run;
  const { dim } = table;
  const n = out.rows;
  kernels.gather(n, dim, rows, params.tableAddress(table), table.rows, halves, out.address, out.stride);
  return (dout) => {
    if (!table.tuned) return;
    const { slots, ids, count } = distinctRows(run, rows, n, table.rows);
    const values = arena.zeros(count * dim);
    kernels.scatter_add(n, dim, slots, dout.address, dout.stride, values);
    run.tableGradients.push({ table, count, ids, values });
  };
}

/** The distinct ones of n rows, and for every one which of them is its row (−1: one beyond the table, which never changes). */
function distinctRows(
  run: Run,
  ids: number,
  n: number,
  rows: number,
): { ids: number; slots: number; count: number } {
  const slots = run.arena.words(n);
  const distinct = run.arena.words(n);
  const view = run.arena.heap.i32;
  const seen = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const row = view[(ids >>> 2) + i];
    let slot = row < rows ? seen.get(row) : -1;
    if (slot === undefined) {
      slot = seen.size;
      seen.set(row, slot);
      view[(distinct >>> 2) + slot] = row;
    }
    view[(slots >>> 2) + i] = slot;
  }
  return { ids: distinct, slots, count: seen.size };
}
