/** Learning rates of groups of parameters. */
import { describe, expect, it } from 'vitest';
import { createEngine, engine } from '../../src/core/engine.js';
import { TaggerError } from '../../src/core/errors.js';
import { Params } from '../../src/core/params.js';
import { groupsOf, PART } from '../../src/training/groups.js';
import { seed, seeded } from '../support/arrays.js';
import { expectClose } from '../support/close.js';
import { optimizer } from '../support/method.js';
import { tinyTask } from '../support/tiny-corpus.js';
import { trainTiny, type Wishes } from '../support/training.js';

/** Parameters of these sizes, called `a.0`, `b.1`, `c.2`, `a.3` and so on. */
function paramsOf(sizes: readonly number[]): Params {
  const params = new Params(engine().heap);
  sizes.forEach((size, i) => {
    params.claim(`${'abc'[i % 3]}.${i}`, [size], () => {});
  });
  params.claimTable('a.table', 2, 3, true, () => {});
  params.claimTable('c.fixed', 2, 3, false, () => {});
  return params;
}

describe(`the groups of parameters, seed ${seed}`, () => {
  it('have every float once, with its factor, wherever parameters and parts end', () => {
    const rates = { a: 0.5, b: 0, 'a.3': 2 };
    const random = seeded();
    for (let trial = 0; trial < 50; trial++) {
      const edges = [1, 4, 5, PART - 4, PART, PART + 3, 3 * PART];
      const sizes = Array.from({ length: 1 + random.below(9) }, () => edges[random.below(edges.length)]);
      const params = paramsOf([7, 1, 1, 2, ...sizes]);
      const { parts } = groupsOf(params, rates);
      const found = parts.flatMap((stretches, part) =>
        stretches.flatMap(({ first, floats, factor }) => {
          expect([first % 4, floats % 4], 'kernels take floats by fours').toEqual([0, 0]);
          expect([first, first + floats - 1].map((float) => Math.floor(float / PART))).toEqual([part, part]);
          return Array.from({ length: floats }, (_, i) => [first + i, factor]);
        }),
      );
      expect(found.map(([float]) => float)).toEqual(Array.from({ length: params.size }, (_, i) => i));
      params.dense.forEach(({ name, offset, size }) => {
        const expected = name === 'a.3' ? 2 : { a: 0.5, b: 0, c: 1 }[name[0]];
        const factors = new Set(found.slice(offset, offset + size).map(([, factor]) => factor));
        expect([...factors], name).toEqual([expected]);
      });
    }
  });

  it('are as few as parts where all have the same factor', () => {
    const params = paramsOf([PART, 17, PART]);
    for (const rates of [{}, { a: 3, b: 3, c: 3 }] as Record<string, number>[]) {
      const { parts } = groupsOf(params, rates);
      expect(parts.map(({ length }) => length)).toEqual([1, 1, 1]);
    }
  });

  it('have the tables that are tuned', () => {
    expect(groupsOf(paramsOf([4, 4, 4]), { a: 0.25 }).tables).toEqual([0.25]);
    expect(groupsOf(paramsOf([4, 4, 4]), { c: 0.25 }).tables).toEqual([1]);
  });

  it('are refused, all of them, where no parameter that training changes begins so', () => {
    const refuse = () => groupsOf(paramsOf([4, 4, 4]), { a: 1, 'c.fixed': 1, 'b.i': 1, aa: 1 });
    expect(refuse).toThrow(TaggerError);
    try {
      refuse();
    } catch (error) {
      const { code, problems } = error as TaggerError;
      expect(code).toBe('E_CONFIG');
      expect(problems.map(({ place, found, expected }) => [place?.key, found, expected])).toEqual(
        ['c.fixed', 'b.i', 'aa'].map((found) => [
          `training.rates.${found}`,
          found,
          'the beginning of one of a.0, b.1, c.2, a.table',
        ]),
      );
      expect(problems[1].hint).toBe('b.1');
    }
  });
});

describe(`a training with rates of groups, seed ${seed}`, () => {
  /** How far one step moves every parameter. Of so many units that the encoder is longer than a part. */
  async function moves(wishes: Wishes): Promise<Map<string, number[]>> {
    const task = await tinyTask({ dropout: 0, units: 40 });
    const { params } = task.network;
    const valuesOf = () =>
      new Map([
        ...params.dense.map((each) => [each.name, params.values(each).slice()] as const),
        ...params.tables.map((each) => [each.name, params.tableValues(each).slice()] as const),
      ]);
    const before = valuesOf();
    const plain = optimizer('sgd', { rate: 0.1, decay: 0 });
    await trainTiny(task, { epochs: 1, batch: 1000, optimizer: plain, ...wishes }, () => 1);
    const after = valuesOf();
    task.network.release();
    const moved = ([name, values]: readonly [string, Float32Array]) =>
      [name, Array.from(values, (value, i) => value - before.get(name)![i])] as const;
    return new Map([...after].map(moved));
  }

  it('moves each group by its factor, and what has the factor 0 not at all', async () => {
    const whole = await moves({});
    const bias = [...whole.keys()].find((name) => /^encoder.*bias$/.test(name))!;
    const own = await moves({ rates: { encoder: 0.5, [bias]: 4, 'embeddings.0': 0, decoder: 0 } });
    for (const [name, values] of whole) {
      const factor =
        name === bias ? 4 : name.startsWith('encoder') ? 0.5 : name.startsWith('embeddings.1') ? 1 : 0;
      const expected = values.map((value) => factor * value);
      expectClose(
        own.get(name)!,
        expected,
        { reason: 'weights up to 2 are rounded', absolute: factor === 0 ? 0 : 2 ** -23 * 2 },
        name,
      );
      expect(Math.max(...values.map(Math.abs)), name).toBeGreaterThan(1e-4);
    }
  });

  it('counts no gradient of what stays in the norm', async () => {
    const norm = async (rates: Record<string, number>) => {
      const task = await tinyTask({ dropout: 0 });
      const { epochs } = await trainTiny(task, { epochs: 1, batch: 1000, rates }, () => 1);
      return epochs[0].gradientNorm;
    };
    const all = await norm({});
    const parts = await Promise.all(
      [['embeddings'], ['encoder'], ['decoder']].map(([own]) => {
        const others = ['embeddings', 'encoder', 'decoder'].filter((name) => name !== own);
        return norm(Object.fromEntries(others.map((name) => [name, 0])));
      }),
    );
    expect(Math.hypot(...parts)).toBeCloseTo(all, 4);
    expect(Math.max(...parts)).toBeLessThan(all);
  });

  it('is refused, with nothing left behind, where no parameter has such a name', async () => {
    const own = createEngine();
    const task = await tinyTask({}, seed, own);
    const { used } = own.heap;
    await expect(trainTiny(task, { rates: { encodr: 0.5 } })).rejects.toThrow('training.rates.encodr');
    expect(own.heap.used).toBe(used);
    task.network.release();
  });

  it('with a factor of 1 for all makes the same bytes as without', async () => {
    const plain = await moves({});
    expect(await moves({ rates: { embeddings: 1, encoder: 1, decoder: 1 } })).toEqual(plain);
  });
});
