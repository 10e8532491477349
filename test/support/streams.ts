/** Streams whose items come when a test says so, or after random turns of the microtask queue; none takes time. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { Random } from '../../src/core/random.js';

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

export function deferred<T = void>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...(settle as Omit<Deferred<T>, 'promise'>) };
}

export const never: Promise<never> = new Promise(() => {});

/** Some turns of the microtask queue, perhaps none. */
export async function dawdle(random: Random, most = 20): Promise<void> {
  for (let i = random.below(most); i > 0; i--) await null;
}

/** All that is ready to run has run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The numbers from 0, until `end` if it is given; what has been drawn and whether the stream was closed can be seen. */
export class Numbers implements AsyncIterable<number> {
  drawn = 0;
  isClosed = false;
  private readonly end: number;
  private readonly before: (item: number) => Promise<void>;

  /** `before` is awaited before each item, and before the end. */
  constructor(end = Number.POSITIVE_INFINITY, before: (item: number) => Promise<void> = async () => {}) {
    this.end = end;
    this.before = before;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<number> {
    try {
      for (;;) {
        await this.before(this.drawn);
        if (this.drawn >= this.end) return;
        yield this.drawn++;
      }
    } finally {
      this.isClosed = true;
    }
  }
}

/** What a stream gives, and what it throws at the end, if it does. */
export async function outcome<T>(stream: AsyncIterable<T>): Promise<{ given: T[]; error?: unknown }> {
  const given: T[] = [];
  try {
    for await (const item of stream) given.push(item);
    return { given };
  } catch (error) {
    return { given, error };
  }
}

/** The tests of this file fail where a promise is rejected that nobody listens to. */
export function refuseUnhandledRejections(): void {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  beforeEach(() => {
    process.on('unhandledRejection', note);
  });
  afterEach(async () => {
    await settled();
    process.off('unhandledRejection', note);
    expect(unhandled.splice(0), 'rejections that nobody heard').toEqual([]);
  });
}
