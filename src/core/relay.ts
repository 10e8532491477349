/** Reading generators that have a result. */

/**
 * All that a generator yields, each as `map` makes it, and its result. A reader who leaves ends the generator too, which
 * calling `next` by hand does not.
 */
export async function* relay<T, U, R>(
  run: AsyncGenerator<T, R>,
  map: (record: T) => U,
): AsyncGenerator<U, R> {
  try {
    let next = await run.next();
    for (; !next.done; next = await run.next()) yield map(next.value);
    return next.value;
  } finally {
    await run.return(undefined as never);
  }
}

/** Reads a generator to its end, showing everything that it yields; its result. */
export async function drain<T, R>(run: AsyncGenerator<T, R>, see: (record: T) => void): Promise<R> {
  const seen = relay(run, see);
  let next = await seen.next();
  while (!next.done) next = await seen.next();
  return next.value;
}
