/**
 * Passes of a part of the network over a ragged batch. Arrays are in the order of the caller's tokens, sentence by
 * sentence, whatever the order of the batch's rows. Working memory starts as NaN in every pass, so that a layer that
 * reads what it has not written shows it.
 */
import { expect } from 'vitest';
import { Arena } from '../../src/core/arena.js';
import { makeBatch, type TrackLists } from '../../src/core/batch.js';
import { type Engine, engine as sharedEngine } from '../../src/core/engine.js';
import { Params } from '../../src/core/params.js';
import type { Run } from '../../src/core/run.js';
import { numbers, seeded } from './arrays.js';
import { expectGradient } from './gradcheck.js';

/** Lengths of the sentences of a batch, in no order, with sentences of one token. */
export const lengths: readonly number[] = [2, 4, 1, 3, 1];

/** Sentences of these lengths of form ids below `forms`; several occur twice. */
export function sentencesOf(of: readonly number[] = lengths, forms = 7): Int32Array[] {
  const random = seeded(of.length);
  return of.map((length) => Int32Array.from({ length }, () => random.below(forms)));
}

export interface Part {
  readonly name: string;
  readonly values: () => Float32Array;
  readonly gradient: Float32Array;
}

export class Workbench {
  readonly engine: Engine;
  readonly params: Params;
  private readonly arena: Arena;
  private gradients = 0;

  constructor(engine: Engine = sharedEngine(), params = new Params(engine.heap)) {
    this.engine = engine;
    this.params = params;
    this.arena = new Arena(engine.heap, 1 << 16);
  }

  /** Random values for all parameters; `allocate` them first where nobody has. */
  fill(limit = 0.7): void {
    const { params } = this;
    if (params.block === 0) params.allocate();
    this.gradients = params.heap.allocateZeros(params.size * 4);
    const random = seeded(params.size);
    for (const parameter of params.dense)
      params.values(parameter).set(numbers(parameter.size, random, limit));
    for (const table of params.tables) {
      params.tableValues(table).set(numbers(table.rows * table.dim, random, limit));
    }
    params.version++;
  }

  values(name: string): Float32Array {
    const { params } = this;
    const parameter = params.dense.find((one) => one.name === name);
    const table = params.tables.find((one) => one.name === name);
    if (parameter) return params.values(parameter);
    if (table) return params.tableValues(table);
    throw new Error(`no parameter ${name}`);
  }

  /** A pass over the sentences; with the path of a random stream it is one of training, else inference. */
  start(sentences: readonly Int32Array[], stream?: readonly number[], tracks?: TrackLists): Run {
    const { arena, engine, params, gradients } = this;
    const { heap, kernels } = engine;
    arena.reset();
    const { size } = arena;
    const start = arena.allocate(size) / 4;
    heap.f32.fill(Number.NaN, start, start + size / 4);
    arena.reset();
    heap.f32.fill(0, gradients / 4, gradients / 4 + params.size);
    // Packed copies are made anew, as somebody may have changed a parameter.
    params.version++;
    const random = stream && seeded(...stream);
    return {
      kernels,
      arena,
      params,
      batch: makeBatch(sentences, arena, tracks),
      random,
      gradients,
      tableGradients: [],
    };
  }

  /** Every parameter that training changes, with its gradient after the backward pass of a run. */
  parts({ params, gradients, tableGradients }: Run): Part[] {
    const dense = params.dense.map((parameter) => {
      const from = gradients / 4 + parameter.offset;
      const gradient = params.heap.f32.slice(from, from + parameter.size);
      return { name: parameter.name, values: () => params.values(parameter), gradient };
    });
    const frozen = tableGradients.filter(({ table }) => !table.tuned);
    expect(frozen, 'gradients of frozen tables').toEqual([]);
    const tables = params.tables
      .filter(({ tuned }) => tuned)
      .map((table) => {
        const gradient = new Float32Array(table.rows * table.dim);
        const touched = tableGradients.filter((one) => one.table === table);
        expect(touched, `gradients of ${table.name}`).toHaveLength(1);
        const [{ count, ids, values }] = touched;
        const rows = params.heap.i32.slice(ids / 4, ids / 4 + count);
        expect(new Set(rows).size, `rows of ${table.name} that a batch touched`).toBe(count);
        rows.forEach((row, i) => {
          const from = values / 4 + i * table.dim;
          gradient.set(params.heap.f32.subarray(from, from + table.dim), row * table.dim);
        });
        return { name: table.name, values: () => params.tableValues(table), gradient };
      });
    return [...dense, ...tables];
  }
}

/** Half a unit in the last place of a loss near 10, over a step of 1e-2. */
const ROUNDING = 6e-5;

/** Every part's gradient against finite differences of the loss. */
export function expectGradients(parts: readonly Part[], loss: () => number): void {
  for (const part of parts) {
    if (part.values().length > 0) expectGradient({ ...part, loss, kinks: true, absolute: ROUNDING });
  }
}
