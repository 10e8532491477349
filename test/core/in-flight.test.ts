import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type InFlightOptions, inFlight } from '../../src/core/in-flight.js';
import { range, seed, seeded } from '../support/arrays.js';
import {
  dawdle,
  deferred,
  Numbers,
  never,
  outcome,
  refuseUnhandledRejections,
  settled,
} from '../support/streams.js';

refuseUnhandledRejections();

const double = async (item: number) => 2 * item;

describe(`work in flight, seed ${seed}`, () => {
  it('gives every result once, in order unless asked otherwise, and never works on more than the limit', async () => {
    for (let round = 0; round < 300; round++) {
      const random = seeded(round);
      const [count, limit, ordered] = [random.below(40), 1 + random.below(6), random.below(2) === 1];
      const items = new Numbers(count, () => dawdle(random));
      let [running, most, taken] = [0, 0, 0];
      const work = async (item: number) => {
        most = Math.max(most, ++running);
        await dawdle(random);
        running--;
        return item;
      };
      const results: number[] = [];
      for await (const result of inFlight(items, work, { limit, ordered })) {
        taken++;
        results.push(result);
        // Drawn are those that were taken, and as many more as may be in flight.
        expect(items.drawn).toBeLessThanOrEqual(taken + limit);
        await dawdle(random);
      }
      if (!ordered) results.sort((a, b) => a - b);
      expect(results, `round ${round}`).toEqual(range(0, count - 1));
      expect(most).toBeLessThanOrEqual(limit);
      expect(items.isClosed).toBe(true);
    }
  });

  it('gives results as they are done where their order does not matter', async () => {
    const works = [deferred<string>(), deferred<string>(), deferred<string>()];
    const stream = inFlight(new Numbers(3), (item) => works[item].promise, { limit: 3, ordered: false });
    const results: Promise<IteratorResult<string>>[] = range(0, 3).map(() => stream.next());
    await settled();
    for (const item of [2, 0, 1]) {
      works[item].resolve(`item ${item}`);
      await settled();
    }
    const values = (await Promise.all(results)).map(({ value }) => value);
    expect(values).toEqual(['item 2', 'item 0', 'item 1', undefined]);
  });

  it.each([true, false])(
    'does not keep a result back for an item that is yet to come (ordered: %s)',
    async (ordered) => {
      const items = new Numbers(10, (item) => (item === 2 ? never : Promise.resolve()));
      const stream = inFlight(items, double, { limit: 5, ordered });
      expect([(await stream.next()).value, (await stream.next()).value]).toEqual([0, 2]);
    },
  );

  it('keeps an ordered result back for the one before it, and draws no more than the limit meanwhile', async () => {
    const first = deferred();
    const items = new Numbers();
    const stream = inFlight(items, (item) => (item === 0 ? first.promise : Promise.resolve()), { limit: 4 });
    const next = stream.next();
    await settled();
    expect(items.drawn).toBe(4);
    first.resolve();
    expect(await next).toEqual({ value: undefined, done: false });
    await stream.return(undefined);
  });

  it('begins nothing before it is read', () => {
    const items = new Numbers();
    inFlight(items, double, { limit: 3 });
    expect(items.drawn).toBe(0);
  });
});

describe(`an error of work in flight, seed ${seed}`, () => {
  it('of the stream comes after the results of all items before it', async () => {
    for (let round = 0; round < 100; round++) {
      const random = seeded(round);
      const [count, ordered] = [random.below(10), random.below(2) === 1];
      const broken = new Error('broken stream');
      const items = new Numbers(20, async (item) => {
        await dawdle(random);
        if (item === count) throw broken;
      });
      const work = async (item: number) => {
        await dawdle(random, 50);
        return item;
      };
      const { given, error } = await outcome(inFlight(items, work, { limit: 1 + random.below(5), ordered }));
      expect(error).toBe(broken);
      expect(
        given.sort((a, b) => a - b),
        `round ${round}`,
      ).toEqual(range(0, count - 1));
    }
  });

  it('of the work comes in the place of its result, when the other work has ended', async () => {
    for (let round = 0; round < 100; round++) {
      const random = seeded(round);
      const bad = random.below(10);
      const broken = new Error('broken work');
      let running = 0;
      const work = async (item: number) => {
        running++;
        await dawdle(random, 50);
        running--;
        if (item >= bad) throw broken;
        return item;
      };
      const items = new Numbers(20);
      const { given, error } = await outcome(inFlight(items, work, { limit: 1 + random.below(5) }));
      expect(error).toBe(broken);
      expect(given, `round ${round}`).toEqual(range(0, bad - 1));
      expect(running, 'work that goes on').toBe(0);
      expect(items.isClosed).toBe(true);
    }
  });

  it('that the work throws at once is no other', async () => {
    const work = (item: number): Promise<number> => {
      if (item === 1) throw new Error('at once');
      return double(item);
    };
    const { given, error } = await outcome(inFlight(new Numbers(3), work, { limit: 3 }));
    expect(given).toEqual([0]);
    expect(error).toMatchObject({ message: 'at once' });
  });
});

describe(`work in flight that is left, seed ${seed}`, () => {
  it('ends the work that was begun, begins no other, and closes the stream', async () => {
    for (let round = 0; round < 100; round++) {
      const random = seeded(round);
      const items = new Numbers(100, () => dawdle(random));
      let [begun, running] = [0, 0];
      const work = async (item: number) => {
        [begun, running] = [begun + 1, running + 1];
        await dawdle(random, 60);
        running--;
        return item;
      };
      const last = random.below(10);
      for await (const result of inFlight(items, work, { limit: 3, ordered: round % 2 === 0 })) {
        if (result >= last) break;
      }
      expect(running, 'work that goes on').toBe(0);
      const atEnd = begun;
      await settled();
      expect(begun, `round ${round}`).toBe(atEnd);
      expect(items.isClosed).toBe(true);
    }
  });

  it('does not wait for an item that never comes', async () => {
    const items = new Numbers(5, (item) => (item === 1 ? never : Promise.resolve()));
    for await (const result of inFlight(items, double, { limit: 2 })) {
      expect(result).toBe(0);
      break;
    }
  });

  it('lets an item go that comes too late', async () => {
    const late = deferred();
    const worked: number[] = [];
    const work = async (item: number) => worked.push(item);
    const items = new Numbers(5, (item) => (item === 1 ? late.promise : Promise.resolve()));
    for await (const _ of inFlight(items, work, { limit: 2 })) break;
    late.resolve();
    await settled();
    expect(worked).toEqual([0]);
    expect(items.isClosed).toBe(true);
  });

  it('does not mind what the stream throws when nobody listens any more', async () => {
    const late = deferred();
    const items = new Numbers(5, (item) => (item === 1 ? late.promise : Promise.resolve()));
    for await (const _ of inFlight(items, double, { limit: 2 })) break;
    late.reject(new Error('too late'));
  });

  it('throws what the stream throws when it is closed', async () => {
    async function* items() {
      try {
        for (;;) yield 1;
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: what a file does that cannot be closed
        throw new Error('cannot close');
      }
    }
    const leave = async () => {
      for await (const _ of inFlight(items(), double, { limit: 1 })) break;
    };
    await expect(leave()).rejects.toThrow('cannot close');
  });
});

describe(`a signal ends work in flight, seed ${seed}:`, () => {
  const reason = new Error('enough');

  it('before it is read, without drawing', async () => {
    const items = new Numbers();
    const stream = inFlight(items, double, { limit: 2, signal: AbortSignal.abort(reason) });
    expect(await outcome(stream)).toEqual({ given: [], error: reason });
    expect(items.drawn).toBe(0);
  });

  it('at any moment, when the work that was begun has ended', async () => {
    for (let round = 0; round < 200; round++) {
      const random = seeded(round);
      const controller = new AbortController();
      let running = 0;
      const work = async (item: number) => {
        running++;
        await dawdle(random, 40);
        running--;
        return item;
      };
      const items = new Numbers(Number.POSITIVE_INFINITY, () => dawdle(random));
      const options: InFlightOptions = { limit: 3, ordered: round % 2 === 0, signal: controller.signal };
      const end = outcome(inFlight(items, work, options));
      await dawdle(random, 400);
      controller.abort(reason);
      const { given, error } = await end;
      expect(error, `round ${round}`).toBe(reason);
      expect(running, 'work that goes on').toBe(0);
      if (options.ordered) expect(given).toEqual(range(0, given.length - 1));
    }
  });

  it('while it waits for an item that never comes', async () => {
    const controller = new AbortController();
    const items = new Numbers(5, (item) => (item === 2 ? never : Promise.resolve()));
    const end = outcome(inFlight(items, double, { limit: 4, signal: controller.signal }));
    await settled();
    controller.abort(reason);
    expect(await end).toEqual({ given: [0, 2], error: reason });
  });

  it('while the reader is at work on a result', async () => {
    const controller = new AbortController();
    const stream = inFlight(new Numbers(), double, { limit: 4, signal: controller.signal });
    await stream.next();
    controller.abort(reason);
    await expect(stream.next()).rejects.toBe(reason);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('and keeps nothing of a stream that has ended', async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 3; i++) await outcome(inFlight(new Numbers(20), double, { limit: 4, signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('memory', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  it('does not grow with the items, while work, the stream and the signal last as long as all of them', async () => {
    const most = 300_000;
    const used = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const { signal } = new AbortController();
    const items = new Numbers(most);
    const work = (item: number) => (item === 0 ? never : double(item));
    const stream = inFlight(items, work, { limit: 4, ordered: false, signal });
    for (let i = 0; i < 1000; i++) await stream.next();
    const before = used();
    for (let i = 0; i < most - 2000; i++) await stream.next();
    // A promise or a closure an item would be 20 MiB and more.
    expect(used() - before).toBeLessThan(4 * 2 ** 20);
  });
});
