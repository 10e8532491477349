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
