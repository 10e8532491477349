/**
 * Parameters are claimed by dotted name while the network is assembled and then laid out in one flat block, so that an
 * optimizer, clipping, averaging and saving are one loop each. Tables (embeddings of words) lie apart: a step touches
 * few of their rows.
 */
import type { Heap } from './heap.js';
import type { Random } from './random.js';

/** Fills a parameter with its first values. */
export type Initializer = (values: Float32Array, shape: readonly number[], random: Random) => void;

export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  /** Floats from the start of the block; the gradient has the same place in its block. */
  readonly offset: number;
  readonly init: Initializer;
}

export interface Table {
  readonly name: string;
  readonly rows: number;
  readonly dim: number;
  readonly init: Initializer;
  /** Whether training changes it. */
  readonly tuned: boolean;
}

export class Params {
  readonly heap: Heap;
  readonly dense: Parameter[] = [];
  readonly tables: Table[] = [];
  /** Floats of the block of all dense parameters. */
  size = 0;
  /** Address of the block; 0 until `allocate`. */
  block = 0;
  /** Counts the changes, so that packed copies know when they are stale. */
  version = 0;
  private readonly tableBlocks = new Map<Table, number>();
  private readonly owned: number[] = [];

  constructor(heap: Heap) {
    this.heap = heap;
  }

  claim(name: string, shape: readonly number[], init: Initializer): Parameter {
    const size = shape.reduce((product, n) => product * n, 1);
    const parameter = { name, shape, size, offset: this.size, init };
    this.dense.push(parameter);
    // Parameters start on 16-byte boundaries; the floats between them stay zero.
    this.size += (size + 3) & ~3;
    return parameter;
  }

  claimTable(name: string, rows: number, dim: number, tuned: boolean, init: Initializer): Table {
    const table = { name, rows, dim, tuned, init };
    this.tables.push(table);
    return table;
  }

  allocate(): void {
    this.block = this.heap.allocateZeros(this.size * 4);
    for (const table of this.tables) {
      this.tableBlocks.set(table, this.heap.allocateZeros(table.rows * table.dim * 4));
    }
  }

  /** Address of bytes that live as long as the parameters, for copies made of them. */
  reserve(bytes: number): number {
    const block = this.heap.allocate(bytes);
    this.owned.push(block);
    return block;
  }

  initialize(random: Random): void {
    for (const parameter of this.dense)
      parameter.init(this.values(parameter), parameter.shape, random.fork());
    for (const table of this.tables)
      table.init(this.tableValues(table), [table.rows, table.dim], random.fork());
    this.version++;
  }

  address(parameter: Parameter): number {
    return this.block + parameter.offset * 4;
  }

  tableAddress(table: Table): number {
    return this.tableBlocks.get(table) ?? 0;
  }

  values(parameter: Parameter): Float32Array {
    const start = this.address(parameter) >>> 2;
    return this.heap.f32.subarray(start, start + parameter.size);
  }

  tableValues(table: Table): Float32Array {
    const start = this.tableAddress(table) >>> 2;
    return this.heap.f32.subarray(start, start + table.rows * table.dim);
  }

  release(): void {
    if (this.block) this.heap.release(this.block);
    for (const block of this.tableBlocks.values()) this.heap.release(block);
    for (const block of this.owned) this.heap.release(block);
    this.tableBlocks.clear();
    this.owned.length = 0;
  }
}
