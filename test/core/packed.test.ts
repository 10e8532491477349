import { describe, expect, it } from 'vitest';
import { Packed, packedBytes } from '../../src/core/packed.js';
import { Workbench } from '../support/workbench.js';

const [ROWS, COLS] = [3, 10];

function setUp() {
  const bench = new Workbench();
  const parameter = bench.params.claim('w', [ROWS, COLS], () => {});
  const packed = new Packed(parameter);
  bench.fill();
  const run = bench.start([]);
  const read = (address: number, bytes: number) => [
    ...bench.engine.heap.f32.subarray(address / 4, (address + bytes) / 4),
  ];
  return {
    bench,
    values: bench.values('w'),
    plain: () => read(packed.plain(run), packedBytes(ROWS, COLS)),
    transposed: () => read(packed.transposed(run), packedBytes(COLS, ROWS)),
    addresses: () => [packed.plain(run), packed.transposed(run)],
  };
}

describe('packed copies of a matrix', () => {
  it('hold panels of eight columns, with zeros behind the last', () => {
    const { plain, transposed, values } = setUp();
    const panels = (rows: number, cols: number, at: (i: number, j: number) => number) =>
      Array.from({ length: Math.ceil(cols / 8) * rows * 8 }, (_, index) => {
        const [panel, i] = [Math.floor(index / (rows * 8)), Math.floor(index / 8) % rows];
        const j = panel * 8 + (index % 8);
        return j < cols ? at(i, j) : 0;
      });
    expect(plain()).toEqual(panels(ROWS, COLS, (i, j) => values[i * COLS + j]));
    expect(transposed()).toEqual(panels(COLS, ROWS, (i, j) => values[j * COLS + i]));
  });

  it('stay as they are until the version of the parameters changes', () => {
    const { bench, plain, transposed, values } = setUp();
    const before = [plain(), transposed()];
    values.fill(7);
    expect([plain(), transposed()]).toEqual(before);
    bench.params.version++;
    expect(plain().filter((value) => value !== 0)).toEqual(new Array(ROWS * COLS).fill(7));
    expect(transposed().filter((value) => value !== 0)).toEqual(new Array(ROWS * COLS).fill(7));
  });

  it('are each renewed by themselves', () => {
    const { bench, plain, transposed, values } = setUp();
    plain();
    values.fill(7);
    bench.params.version++;
    plain();
    expect(transposed()[0]).toBe(7);
  });

  it('have a place of their own, always the same', () => {
    const { bench, addresses } = setUp();
    const before = addresses();
    bench.params.version++;
    expect(addresses()).toEqual(before);
    expect(new Set(before).size).toBe(2);
  });
});
