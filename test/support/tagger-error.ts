import { TaggerError } from '../../src/core/errors.js';

/** What the work fails with: a TaggerError, or the test fails. */
export async function taggerErrorOf(work: Promise<unknown>): Promise<TaggerError> {
  const error = await work.then(
    () => new Error('it was expected to fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof TaggerError) return error;
  throw error;
}
