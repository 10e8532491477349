/** Work on a stream of items, several at a time. */
import { Pull } from './pull.js';

export interface InFlightOptions {
  /** How many items are worked on or wait for the reader, at most; so many are drawn from the stream, and no more. */
  readonly limit: number;
  /** Whether results come in the order of their items, which is the default, or as they are done. */
  readonly ordered?: boolean;
  /** Ends the stream with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * The results of `work` on each item. A result that is ready is never kept back by an item that is yet to come. What the
 * stream throws comes after the results of all items before it, what the work throws in the place of its result. An error,
 * the signal or a reader that leaves ends the stream as soon as the work that was begun has ended; no other is begun.
 */
export async function* inFlight<T, R>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
  { limit, ordered = true, signal }: InFlightOptions,
): AsyncGenerator<R> {
  const stream = new Pull(items);
  const running: Running<R>[] = [];
  const drawn = { isDrawing: false, isOver: false, isLeft: false, finish: () => {} };
  // One call for whatever happens. A race of promises would keep something of every item, as long as one of them is pending.
  let wake = () => {};
  const happened = () => wake();

  const start = (item: T): Running<R> => {
    const one = { ended: (async () => work(item))(), isDone: false };
    const done = () => {
      one.isDone = true;
      happened();
    };
    // Its failure is heard in its turn.
    one.ended.then(done, done);
    return one;
  };
  const draw = async () => {
    drawn.isDrawing = true;
    try {
      const { done, value } = await stream.next();
      if (done) drawn.isOver = true;
      else if (!drawn.isLeft) running.push(start(value));
    } catch (error) {
      drawn.isOver = true;
      drawn.finish = () => {
        throw error;
      };
    }
    drawn.isDrawing = false;
    happened();
  };

  signal?.addEventListener('abort', happened);
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (!drawn.isOver && !drawn.isDrawing && running.length < limit) draw();
      const at = ordered ? 0 : running.findIndex(({ isDone }) => isDone);
      if (running[at]?.isDone) {
        const [{ ended }] = running.splice(at, 1);
        yield await ended;
      } else if (drawn.isOver && running.length === 0) {
        return drawn.finish();
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    drawn.isLeft = true;
    signal?.removeEventListener('abort', happened);
    await Promise.allSettled(running.map(({ ended }) => ended));
    await stream.leave();
  }
}

interface Running<R> {
  readonly ended: Promise<R>;
  isDone: boolean;
}
