/** Items of a stream by the batch. */
import { Pull } from './pull.js';

export interface BatchOptions<T> {
  /** Items of a batch, at most. */
  readonly count: number;
  /** A batch ends with the item that makes it as heavy as this. */
  readonly weight: number;
  readonly weightOf: (item: T) => number;
  /** Milliseconds after which a batch that has an item does not wait for more. */
  readonly patience?: number;
}

const PATIENCE = 10;

/**
 * All items in order, in batches none of which is empty. A stream that pauses does not keep back what it has given, nor does
 * one that throws: its error comes after the batch of the items before. A full batch does not wait for the next item.
 */
export async function* batched<T>(
  items: AsyncIterable<T>,
  { count, weight, weightOf, patience = PATIENCE }: BatchOptions<T>,
): AsyncGenerator<T[]> {
  const stream = new Pull(items);
  /** What the batch before has not waited for. */
  let next: Promise<IteratorResult<T>> | undefined;
  try {
    for (;;) {
      const first = await (next ?? stream.next());
      if (first.done) return;
      next = undefined;
      const batch = [first.value];
      let sum = weightOf(first.value);
      const { over, cancel } = deadline(patience);
      while (batch.length < count && sum < weight) {
        next = stream.next();
        const more = await Promise.race([next.catch(() => undefined), over]);
        if (!more || more.done) break;
        next = undefined;
        batch.push(more.value);
        sum += weightOf(more.value);
      }
      cancel();
      yield batch;
    }
  } finally {
    await stream.leave();
  }
}

function deadline(ms: number): { over: Promise<undefined>; cancel: () => void } {
  let timer: NodeJS.Timeout;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return { over, cancel: () => clearTimeout(timer) };
}
