/** Documents that failed, as records: what `--errors` writes, and what stands in the output in their place. */
import type { Place } from '../core/errors.js';
import type { FailedDocument } from './chunk.js';

/** The first of its problems; all of them where there are more. */
export interface ErrorRecord {
  readonly id: unknown;
  readonly place?: Place;
  readonly code: string;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  readonly hint?: string;
}

export function errorRecord({ id, error }: FailedDocument): ErrorRecord {
  const [{ place, message, expected, found, hint }] = error.problems;
  return { id, place, code: error.code, message, expected, found, hint };
}
