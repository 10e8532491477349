import { describe, expect, it } from 'vitest';
import { Heap } from '../../src/core/heap.js';
import { type Initializer, Params } from '../../src/core/params.js';
import { seeded } from '../support/arrays.js';

const fill: Initializer = (values, _shape, random) => {
  values.set(Float32Array.from(values, () => random.uniform()));
};

function makeParams() {
  const params = new Params(new Heap(new WebAssembly.Memory({ initial: 4, maximum: 64, shared: true })));
  const small = params.claim('a.weight', [3, 2], fill);
  const bias = params.claim('a.bias', [5], fill);
  const last = params.claim('b', [1], fill);
  const table = params.claimTable('words', 7, 3, true, fill);
  params.allocate();
  return { params, small, bias, last, table };
}

describe('parameters', () => {
  it('lie in one block on 16-byte boundaries, with zeros between them', () => {
    const { params, small, bias, last } = makeParams();
    params.initialize(seeded());
    expect([small, bias, last].map(({ offset }) => offset)).toEqual([0, 8, 16]);
    expect(params.size).toBe(20);
    const block = params.heap.f32.subarray(params.block / 4, params.block / 4 + params.size);
    const used = [small, bias, last].flatMap(({ offset, size }) =>
      Array.from({ length: size }, (_, i) => offset + i),
    );
    block.forEach((value, i) => {
      if (!used.includes(i)) expect(value, `float ${i}`).toBe(0);
    });
    expect([...params.values(bias)]).toEqual([...block.subarray(8, 13)]);
  });

  it('are filled from streams of their own, the same for the same seed', () => {
    const [one, two] = [makeParams(), makeParams()];
    for (const { params } of [one, two]) params.initialize(seeded(5));
    expect(two.params.values(two.bias)).toEqual(one.params.values(one.bias));
    expect(two.params.tableValues(two.table)).toEqual(one.params.tableValues(one.table));
    expect(one.params.values(one.small)[0]).not.toBe(one.params.values(one.bias)[0]);
  });

  it('have a new version after every initialization', () => {
    const { params } = makeParams();
    const before = params.version;
    params.initialize(seeded());
    expect(params.version).not.toBe(before);
  });

  it('have their values where their address says, above 2 GiB too', () => {
    const params = new Params(
      new Heap(new WebAssembly.Memory({ initial: 4, maximum: 65_536, shared: true })),
    );
    params.heap.allocate(2.25 * 2 ** 30);
    const weight = params.claim('weight', [4], fill);
    const table = params.claimTable('words', 2, 2, true, fill);
    params.allocate();
    params.initialize(seeded());
    const at = (address: number) => [...params.heap.f32.subarray(address / 4, address / 4 + 4)];
    expect(params.values(weight)).toHaveLength(4);
    expect(at(params.address(weight))).toEqual([...params.values(weight)]);
    expect(at(params.tableAddress(table))).toEqual([...params.tableValues(table)]);
  });

  it('give all memory back', () => {
    const { params } = makeParams();
    params.release();
    expect(params.heap.used).toBe(0);
  });
});
