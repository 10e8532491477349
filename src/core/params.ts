/**
 * Parameters are claimed by dotted name while the network is assembled and then laid out in one flat block, so that an
 * optimizer, clipping, averaging and saving are one loop each. Tables (embeddings of words) lie apart: a step touches
 * few of their rows.
 */
import { Derived, type Fill } from './derived.js';
import type { Memory } from './memory.js';
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

/** Where everything lies: what another thread needs to work on the same parameters. */
export interface ParamsLayout {
  readonly block: number;
  /** Addresses in the order in which they were asked for. */
  readonly tables: readonly number[];
  readonly reserved: readonly number[];
  readonly derived: readonly number[];
}

export class Params {
  readonly heap: Memory;
  readonly dense: Parameter[] = [];
  readonly tables: Table[] = [];
  readonly derived: Derived[] = [];
  /** Floats of the block of all dense parameters. */
  size = 0;
  /** Address of the block; 0 until `allocate`. */
  block = 0;
  /** Bytes that this thread has allocated for them. */
  bytes = 0;
  /** Counts the changes, so that derived copies know when they are stale. */
  version = 0;
  private readonly tableBlocks = new Map<Table, number>();
  private readonly reserved: number[] = [];
  /** Bytes of each block, by address. */
  private readonly owned = new Map<number, number>();
  private readonly layout?: ParamsLayout;

  /** With a layout, the parameters are those of another thread, claimed in the same order. */
  constructor(heap: Memory, layout?: ParamsLayout) {
    this.heap = heap;
    this.layout = layout;
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
    const { layout } = this;
    this.block = layout?.block ?? this.own(this.size * 4, true);
    this.tables.forEach((table, i) => {
      this.tableBlocks.set(table, layout?.tables[i] ?? this.own(table.rows * table.dim * 4, true));
    });
  }

  /** Address of bytes that live as long as the parameters; `init` fills them, in the thread that owns them. */
  reserve(bytes: number, init: (address: number) => void): number {
    const address = this.layout?.reserved[this.reserved.length] ?? this.own(bytes);
    this.reserved.push(address);
    if (!this.layout) init(address);
    return address;
  }

  /** How many blocks are reserved. */
  get reservations(): number {
    return this.reserved.length;
  }

  /** Gives back what was reserved behind the first `count` blocks, in the thread that owns them. */
  unreserve(count: number): void {
    for (const address of this.reserved.splice(count)) {
      this.bytes -= this.owned.get(address) ?? 0;
      this.owned.delete(address);
      this.heap.release(address);
    }
  }

  /** Bytes that `fill` computes from the parameters. */
  derive(bytes: number, fill: Fill): Derived {
    const derived = new Derived(this, bytes, fill, this.layout?.derived[this.derived.length] ?? 0);
    this.derived.push(derived);
    return derived;
  }

  /** Where everything lies, for threads that claim the same; nothing more can be claimed then. */
  share(): ParamsLayout {
    return {
      block: this.block,
      tables: this.tables.map((table) => this.tableAddress(table)),
      reserved: [...this.reserved],
      derived: this.derived.map(({ address }) => address),
    };
  }

  /** Address of bytes that are released with the parameters. */
  own(bytes: number, zero = false): number {
    this.bytes += bytes;
    const address = zero ? this.heap.allocateZeros(bytes) : this.heap.allocate(bytes);
    this.owned.set(address, bytes);
    return address;
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
    for (const block of this.owned.keys()) this.heap.release(block);
    this.owned.clear();
    this.tableBlocks.clear();
  }
}
