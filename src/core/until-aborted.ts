/** A stream that a signal ends. */

/** The items of a stream until the signal aborts, also while the next one is awaited. */
export async function* untilAborted<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (!signal) return yield* items;
  const stream = items[Symbol.asyncIterator]();
  try {
    while (!signal.aborted) {
      const next = await orAborted(stream.next(), signal);
      if (!next || next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a stream that waits for its next item, such as a terminal, may do so for ever.
    stream.return?.()?.catch(() => {});
  }
}

/** Undefined where the signal comes first. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const abort = () => resolve(undefined);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
