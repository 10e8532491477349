import { describe, expect, it } from 'vitest';
import { Heap } from '../../src/core/heap.js';
import { type Initializer, Params, type ParamsLayout } from '../../src/core/params.js';
import { seeded } from '../support/arrays.js';

const fill: Initializer = (values, _shape, random) => {
  values.set(Float32Array.from(values, () => random.uniform()));
};

const makeHeap = () => new Heap(new WebAssembly.Memory({ initial: 4, maximum: 64, shared: true }));

function makeParams(heap = makeHeap(), layout?: ParamsLayout) {
  const params = new Params(heap, layout);
  const small = params.claim('a.weight', [3, 2], fill);
  const bias = params.claim('a.bias', [5], fill);
  const last = params.claim('b', [1], fill);
  const table = params.claimTable('words', 7, 3, true, fill);
  params.allocate();
  return { heap, params, small, bias, last, table };
}

/** Parameters with everything that can be claimed of them; `calls` has the addresses that were filled. */
function makeAll(heap?: Heap, layout?: ParamsLayout) {
  const made = makeParams(heap, layout);
  const { params } = made;
  const calls: number[] = [];
  const init = (address: number) => void calls.push(address);
  const reserved = [params.reserve(40, init), params.reserve(0, init), params.reserve(1000, init)];
  const derived = [params.derive(64, () => {}), params.derive(128, () => {})];
  return { ...made, calls, reserved, derived };
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
    const { heap, params, derived } = makeAll();
    for (const one of derived) expect(one.address).toBeGreaterThan(0);
    params.own(100);
    expect(heap.used).toBeGreaterThan(params.bytes);
    params.release();
    expect(heap.used).toBe(0);
  });
});

describe('what is kept beside parameters', () => {
  it('has an address of its own, and is filled once, at once', () => {
    const { params, calls, reserved } = makeAll();
    expect(calls).toEqual(reserved);
    params.initialize(seeded());
    expect(calls).toEqual(reserved);
    expect(new Set([params.block, ...reserved]).size).toBe(4);
  });

  it('may be filled in a memory that grew for it', () => {
    const { heap, params } = makeParams();
    const bytes = heap.u8.length;
    const address = params.reserve(bytes, (at) => params.heap.u8.fill(9, at, at + bytes));
    expect(heap.u8.length).toBeGreaterThan(bytes);
    expect(heap.u8.subarray(address, address + bytes).every((byte) => byte === 9)).toBe(true);
  });

  it('has no place before its first use when it is computed from the parameters', () => {
    const { heap, derived } = makeAll();
    const before = heap.used;
    expect(derived[1].address).toBe(derived[1].address);
    expect(heap.used - before).toBeGreaterThanOrEqual(128);
    expect(heap.used - before).toBeLessThan(128 + 128);
  });
});

describe('parameters of another thread', () => {
  const addressesOf = ({
    params,
    small,
    bias,
    last,
    table,
    reserved,
    derived,
  }: ReturnType<typeof makeAll>) => ({
    block: params.block,
    dense: [small, bias, last].map((one) => params.address(one)),
    table: params.tableAddress(table),
    reserved,
    derived: derived.map(({ address }) => address),
  });

  it('have the addresses of those that were claimed in the same order, and allocate nothing', () => {
    const own = makeAll();
    own.params.initialize(seeded());
    const layout = structuredClone(own.params.share());
    const { used } = own.heap;
    const attached = makeAll(own.heap, layout);
    expect(addressesOf(attached)).toEqual(addressesOf(own));
    expect(attached.params.size).toBe(own.params.size);
    expect(own.heap.used).toBe(used);
    expect(attached.params.bytes).toBe(0);
  });

  it('are all different addresses, none of them 0', () => {
    const { block, tables, reserved, derived } = makeAll().params.share();
    const all = [block, ...tables, ...reserved, ...derived];
    expect(all).toHaveLength(1 + 1 + 3 + 2);
    expect(new Set(all).size).toBe(all.length);
    expect(Math.min(...all)).toBeGreaterThan(0);
  });

  it('are the same values, whoever changes them', () => {
    const own = makeAll();
    own.params.initialize(seeded());
    const attached = makeAll(own.heap, own.params.share());
    expect(attached.params.values(attached.bias)).toEqual(own.params.values(own.bias));
    attached.params.values(attached.bias).fill(3);
    own.params.tableValues(own.table).fill(4);
    expect([...own.params.values(own.bias)]).toEqual(new Array(5).fill(3));
    expect([...attached.params.tableValues(attached.table)]).toEqual(new Array(21).fill(4));
  });

  it('are filled by their owner alone', () => {
    const own = makeAll();
    const attached = makeAll(own.heap, own.params.share());
    expect(own.calls).toEqual(own.reserved);
    expect(attached.calls).toEqual([]);
  });

  it('are given back by their owner alone', () => {
    const own = makeAll();
    const attached = makeAll(own.heap, own.params.share());
    const { used } = own.heap;
    attached.params.release();
    expect(own.heap.used).toBe(used);
    own.params.release();
    expect(own.heap.used).toBe(0);
  });
});
