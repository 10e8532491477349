/** Items of a stream by the batch. */

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

/** All items in order, in batches none of which is empty; a stream that pauses does not keep back what it has given. */
export async function* batched<T>(
  items: AsyncIterable<T>,
  { count, weight, weightOf, patience = PATIENCE }: BatchOptions<T>,
): AsyncGenerator<T[]> {
  const stream = items[Symbol.asyncIterator]();
  let next = stream.next();
  try {
    for (let item = await next; !item.done; item = await next) {
      const batch: T[] = [];
      const { over, cancel } = deadline(patience);
      let sum = 0;
      for (let more: IteratorResult<T> | undefined = item; more && !more.done; ) {
        batch.push(more.value);
        sum += weightOf(more.value);
        next = stream.next();
        // Heard in its turn, also where the batch goes first.
        next.catch(() => {});
        if (batch.length >= count || sum >= weight) break;
        more = await Promise.race([next, over]);
      }
      cancel();
      yield batch;
    }
  } finally {
    // Not awaited: a stream that waits for its next item may do so for ever.
    stream.return?.()?.catch(() => {});
  }
}

function deadline(ms: number): { over: Promise<undefined>; cancel: () => void } {
  let timer: NodeJS.Timeout;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return { over, cancel: () => clearTimeout(timer) };
}
