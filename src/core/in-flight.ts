/** Work on a stream of items, several at a time. */

export interface InFlightOptions {
  /** How many items are worked on at once, at most; no more are drawn from the stream before results are taken. */
  readonly limit: number;
  /** Whether results come in the order of their items, which is the default, or as they are done. */
  readonly ordered?: boolean;
  /** Ends the stream with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * The results of `work` on each item. A result that is ready is never kept back by an item that is yet to come. What the
 * stream or the work throws ends it, after the work that was begun has ended; so does a reader that leaves.
 */
export async function* inFlight<T, R>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
  { limit, ordered = true, signal }: InFlightOptions,
): AsyncGenerator<R> {
  const stream = items[Symbol.asyncIterator]();
  const running: Running<R>[] = [];
  let drawing: Promise<void> | undefined;
  let isOver = false;

  const draw = async () => {
    const next = await stream.next();
    drawing = undefined;
    if (next.done) isOver = true;
    else running.push(start(work(next.value)));
  };
  /** Settles as soon as there is a result to be given, or an item has been drawn. */
  const event = (): Promise<unknown> => {
    const results = ordered ? running.slice(0, 1) : running;
    const promises: Promise<unknown>[] = results.map(({ ended }) => ended);
    return Promise.race(drawing ? [...promises, drawing] : promises);
  };

  try {
    while (!isOver || running.length > 0) {
      if (!isOver && running.length < limit) drawing ??= draw();
      await orAborted(event(), signal);
      const at = ordered ? 0 : running.findIndex(({ isDone }) => isDone);
      if (!running[at]?.isDone) continue;
      const [{ ended }] = running.splice(at, 1);
      yield await ended;
    }
  } finally {
    // Not awaited: a stream that waits for its next item, such as a terminal, may do so for ever.
    drawing?.catch(() => {});
    stream.return?.()?.catch(() => {});
    await Promise.allSettled(running.map(({ ended }) => ended));
  }
}

interface Running<R> {
  readonly ended: Promise<R>;
  isDone: boolean;
}

function start<R>(ended: Promise<R>): Running<R> {
  const running = { ended, isDone: false };
  const done = () => {
    running.isDone = true;
  };
  // Its failure is heard in its turn.
  ended.then(done, done);
  return running;
}

/** Not by a race with one promise for the whole stream, which would keep something of every item. */
function orAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
