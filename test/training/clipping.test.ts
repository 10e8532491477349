/** Limits on the gradient: what they cut, and that they rescue a training which explodes without. */
import { describe, expect, it } from 'vitest';
import { TaggerError } from '../../src/core/errors.js';
import type { EncodedSentence } from '../../src/training/loop.js';
import { seed } from '../support/arrays.js';
import { expectClose, roundings } from '../support/close.js';
import { optimizer } from '../support/method.js';
import { tinyTask } from '../support/tiny-corpus.js';
import { trainTiny, type Wishes } from '../support/training.js';

const none = 1e9;

describe(`one step, seed ${seed}`, () => {
  /** Minus the gradient that the optimizer saw, of every parameter; the rate is 1. */
  async function stepOf(wishes: Wishes): Promise<{ moved: Float64Array; norm: number }> {
    const task = await tinyTask({ dropout: 0 });
    const { params } = task.network;
    const all = () => [
      ...params.dense.flatMap((parameter) => [...params.values(parameter)]),
      ...params.tables.flatMap((table) => [...params.tableValues(table)]),
    ];
    const before = all();
    const plain = optimizer('sgd', { rate: 1, decay: 0 });
    const { epochs } = await trainTiny(
      task,
      { epochs: 1, batch: 1000, optimizer: plain, ...wishes },
      () => 1,
    );
    return { moved: Float64Array.from(all(), (value, i) => value - before[i]), norm: epochs[0].gradientNorm };
  }
  const limits = (values: Float64Array, limit: number) =>
    values.map((value) => Math.min(Math.max(value, -limit), limit));

  it('has no larger element than clipValue, and the others as they were', async () => {
    const { moved, norm } = await stepOf({ clip: none });
    for (const clipValue of [0.01, 0.2, 2]) {
      const cut = await stepOf({ clip: none, clipValue });
      const expected = limits(moved, clipValue);
      expect(expected.some((value, i) => value !== moved[i] && value > 0)).toBe(true);
      expect(expected.some((value, i) => value === moved[i] && value !== 0)).toBe(true);
      // The weights are rounded before and after, and so is what comes of them.
      expectClose(cut.moved, expected, roundings(8, 8));
      expect(cut.norm, 'the norm is that of what is left').toBeCloseTo(Math.hypot(...expected), 3);
      expect(cut.norm).toBeLessThan(norm);
    }
  });

  it('is cut by value first, and then scaled down to the norm', async () => {
    const { moved } = await stepOf({ clip: none, clipValue: 0.2 });
    const { moved: both, norm } = await stepOf({ clip: 0.5, clipValue: 0.2 });
    expect(norm).toBeGreaterThan(0.5);
    const scale = 0.5 / norm;
    expectClose(
      both,
      moved.map((value) => value * scale),
      roundings(4, 4),
    );
  });

  it('is the same to the byte where nothing is as large as clipValue', async () => {
    const plain = await stepOf({ clip: 1 });
    expect(await stepOf({ clip: 1, clipValue: 1e6 })).toEqual(plain);
  });
});

describe(`long sentences at a rate that is far too high, seed ${seed}`, () => {
  /** The last loss of a few epochs over sentences of some hundred tokens, infinite where training breaks off, and the first. */
  async function losses(wishes: Wishes): Promise<{ first: number; last: number }> {
    const task = await tinyTask({ dropout: 0, units: 16 });
    const long = inLong(task.sentences);
    const seen: number[] = [];
    const wanted = { epochs: 20, batch: 2, optimizer: optimizer('sgd', { rate: 1 }), ...wishes };
    const run = trainTiny(
      { ...task, sentences: long },
      wanted,
      () => 1,
      (record) => {
        if (record.kind === 'epoch') seen.push(record.loss);
      },
    );
    const error = await run.then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    if (error && !(error instanceof TaggerError && error.code === 'E_TRAINING')) throw error;
    return { first: seen[0], last: error ? Number.POSITIVE_INFINITY : seen[seen.length - 1] };
  }

  it.each<[string, Wishes]>([
    ['the norm', { clip: 1 }],
    ['the elements', { clip: none, clipValue: 0.02 }],
  ])('explode it, and a limit on %s lets it learn', async (_, limit) => {
    const exploded = await losses({ clip: none });
    // As good as chance would be ln 5 at most.
    expect(exploded.last).toBeGreaterThan(3);
    const { first, last } = await losses(limit);
    expect(first).toBeLessThan(2);
    expect(last).toBeLessThan(first / 4);
  });
});

/** The sentences one behind the other, a hundred tokens and more in each. */
function inLong(sentences: readonly EncodedSentence[]): EncodedSentence[] {
  return [0, 1, 2, 3].map((turn) => {
    const turned = [...sentences.slice(turn * 5), ...sentences.slice(0, turn * 5)];
    return {
      forms: Int32Array.from(turned.flatMap(({ forms }) => [...forms])),
      tags: Int32Array.from(turned.flatMap(({ tags }) => [...tags])),
    };
  });
}
