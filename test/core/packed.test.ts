import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/core/engine.js';
import { packed, packedBytes, packedTransposed } from '../../src/core/packed.js';
import { type Parameter, Params } from '../../src/core/params.js';
import { Workbench } from '../support/workbench.js';

const [ROWS, COLS] = [3, 10];

function setUp(bench = new Workbench()) {
  const parameter = bench.params.claim('w', [ROWS, COLS], () => {});
  const copies = copiesOf(bench, bench.params, parameter);
  bench.fill();
  return { bench, parameter, values: bench.values('w'), ...copies };
}

function copiesOf({ engine }: Workbench, params: Params, parameter: Parameter) {
  const [asIs, turned] = [packed(params, parameter), packedTransposed(params, parameter)];
  const read = (address: number, bytes: number) => [
    ...engine.heap.f32.subarray(address / 4, (address + bytes) / 4),
  ];
  return {
    asIs,
    plain: () => read(asIs.fresh(engine.kernels), packedBytes(ROWS, COLS)),
    transposed: () => read(turned.fresh(engine.kernels), packedBytes(COLS, ROWS)),
    addresses: () => [asIs, turned].map((copy) => copy.fresh(engine.kernels)),
  };
}

/** The same in another thread. */
function attach({ bench, parameter }: ReturnType<typeof setUp>) {
  const params = new Params(bench.params.heap, bench.params.share());
  params.claim('w', parameter.shape, () => {});
  params.allocate();
  return { params, ...copiesOf(bench, params, parameter) };
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

  it('have the size of their panels', () => {
    const { asIs, bench } = setUp();
    expect(asIs.bytes).toBe(ROWS * 2 * 32);
    expect(bench.params.derived.map(({ bytes }) => bytes)).toEqual([ROWS * 2 * 32, COLS * 32]);
  });

  it('are made anew only after the parameters changed', () => {
    const { bench, asIs } = setUp();
    let filled = 0;
    const counted = bench.params.derive(asIs.bytes, () => void filled++);
    const { kernels } = bench.engine;
    expect(filled).toBe(0);
    for (let i = 0; i < 3; i++) counted.fresh(kernels);
    expect(filled).toBe(1);
    bench.params.version++;
    for (let i = 0; i < 3; i++) counted.fresh(kernels);
    expect(filled).toBe(2);
  });

  it('lie above 2 GiB too', () => {
    const engine = createEngine();
    engine.heap.allocate(2.25 * 2 ** 30);
    const high = setUp(new Workbench(engine));
    const low = setUp();
    expect(high.addresses()[0]).toBeGreaterThan(2 ** 31);
    expect([high.plain(), high.transposed()]).toEqual([low.plain(), low.transposed()]);
  });
});

describe('packed copies of a matrix in another thread', () => {
  it('are the same copies, made anew at the first use where nobody said that they are fresh', () => {
    const own = setUp();
    const expected = [own.plain(), own.transposed()];
    const other = attach(own);
    own.bench.engine.heap.f32.fill(-1, own.asIs.address / 4, (own.asIs.address + own.asIs.bytes) / 4);
    expect([other.plain(), other.transposed()]).toEqual(expected);
    expect(other.addresses()).toEqual(own.addresses());
    expect(own.plain()).toEqual(expected[0]);
  });

  it('are taken as they are when another thread has brought them up to date, until the next change', () => {
    const own = setUp();
    own.addresses();
    const other = attach(own);
    own.values.fill(7);
    own.bench.params.version++;
    const expected = own.plain();
    // What only the owner could have written shows who did.
    const mark = own.asIs.address / 4;
    own.bench.engine.heap.f32[mark] = 99;
    other.params.version++;
    other.asIs.markFresh();
    expect(other.plain()).toEqual([99, ...expected.slice(1)]);
    other.params.version++;
    expect(other.plain()).toEqual(expected);
  });

  it('are marked each by itself', () => {
    const own = setUp();
    own.addresses();
    const other = attach(own);
    other.asIs.markFresh();
    own.values.fill(7);
    expect(other.plain().includes(7), 'marked').toBe(false);
    expect(other.transposed().includes(7), 'not marked').toBe(true);
  });
});
