import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { streamOf } from '../../src/core/stream-of.js';
import { Numbers, outcome, refuseUnhandledRejections } from '../support/streams.js';

refuseUnhandledRejections();

it('lists, sets, generators and streams are streams', async () => {
  function* generator() {
    yield* [1, 2];
  }
  for (const items of [[1, 2], new Set([1, 2]), generator(), Readable.from([1, 2])]) {
    expect(await outcome(streamOf(items))).toEqual({ given: [1, 2] });
  }
  expect(await outcome(streamOf(new Numbers(2)))).toEqual({ given: [0, 1] });
});

it('what a list throws, its stream throws', async () => {
  function* broken() {
    yield 1;
    throw new Error('broken list');
  }
  const { given, error } = await outcome(streamOf(broken()));
  expect(given).toEqual([1]);
  expect(error).toMatchObject({ message: 'broken list' });
});

it('a reader that leaves closes what the stream is made of', async () => {
  const numbers = new Numbers();
  for await (const _ of streamOf(numbers)) break;
  expect(numbers.isClosed).toBe(true);
  let isClosed = false;
  function* list() {
    try {
      for (;;) yield 1;
    } finally {
      isClosed = true;
    }
  }
  for await (const _ of streamOf(list())) break;
  expect(isClosed).toBe(true);
});
