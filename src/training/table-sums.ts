/**
 * The gradients of tables: each shard has those of the rows that it touched, somewhere in the arena of the member that
 * worked on it; their sums have every row once. Where they lie is written down in shared memory.
 */
import type { Arena } from '../core/arena.js';
import type { Kernels } from '../core/kernels.js';
import type { Table } from '../core/params.js';
import type { TableGradient } from '../core/run.js';
import type { CrewPlan } from './plan.js';

/** count, address of the row numbers, address of their gradients */
export const ENTRY = 3;

export class TableSums {
  private readonly plan: CrewPlan;
  private readonly tables: readonly Table[];
  private readonly arena: Arena;
  private readonly kernels: Kernels;

  /** `tables` are those that are tuned. */
  constructor(plan: CrewPlan, tables: readonly Table[], arena: Arena, kernels: Kernels) {
    this.plan = plan;
    this.tables = tables;
    this.arena = arena;
    this.kernels = kernels;
  }

  /** Of a shard; the sums are those of shard number `shards`. */
  get(shard: number, table: number): TableGradient {
    const view = this.arena.heap.i32;
    const at = this.entry(shard, table);
    const [count, ids, values] = [0, 1, 2].map((i) => view[at + i] >>> 0);
    return { table: this.tables[table], count, ids, values };
  }

  set(shard: number, table: number, gradient?: Omit<TableGradient, 'table'>): void {
    const { count, ids, values } = gradient ?? { count: 0, ids: 0, values: 0 };
    this.arena.heap.i32.set([count, ids, values], this.entry(shard, table));
  }

  /** Adds up the gradients of a table, shard by shard; returns the sum of squares. */
  add(table: number): number {
    const { arena, kernels, plan } = this;
    const { dim } = this.tables[table];
    // The arenas of the others may have grown the memory.
    arena.heap.refresh();
    const parts = Array.from({ length: plan.shards }, (_, shard) => this.get(shard, table));
    const most = parts.reduce((rows, { count }) => rows + count, 0);
    const [ids, values, slots] = [arena.words(most), arena.zeros(most * dim), arena.words(most)];
    const view = arena.heap.i32;
    const slotOf = new Map<number, number>();
    for (const part of parts) {
      for (let i = 0; i < part.count; i++) {
        const row = view[(part.ids >>> 2) + i];
        let slot = slotOf.get(row);
        if (slot === undefined) {
          slot = slotOf.size;
          slotOf.set(row, slot);
          view[(ids >>> 2) + slot] = row;
        }
        view[(slots >>> 2) + i] = slot;
      }
      kernels.scatter_add(part.count, dim, slots, part.values, dim, values);
    }
    const count = slotOf.size;
    this.set(plan.shards, table, { count, ids, values });
    return kernels.sum_squares(count * dim, values);
  }

  private entry(shard: number, table: number): number {
    return (this.plan.tableGradients >>> 2) + (shard * this.tables.length + table) * ENTRY;
  }
}
