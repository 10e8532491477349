/** Long work in small parts, between which the rest of the thread has its turn, and a signal is heard. */
import { setImmediate } from 'node:timers/promises';

/** Some thousand tokens: milliseconds of most kinds of work. */
const SENTENCES = 200;

/** The items in order, so many at a time. Throws the reason of the signal, an AbortError, once it is aborted. */
export async function* inTurns<T>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  size = SENTENCES,
): AsyncGenerator<readonly T[]> {
  for (let i = 0; i < items.length; i += size) {
    await setImmediate();
    signal?.throwIfAborted();
    yield items.slice(i, i + size);
  }
}
