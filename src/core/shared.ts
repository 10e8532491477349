/** Arrays of zeros that threads share. They throw E_MEMORY where the system has no such memory. */
import { TaggerError } from './errors.js';

export function sharedInts(count: number): Int32Array {
  return new Int32Array(buffer(count * Int32Array.BYTES_PER_ELEMENT));
}

export function sharedDoubles(count: number): Float64Array {
  return new Float64Array(buffer(count * Float64Array.BYTES_PER_ELEMENT));
}

function buffer(bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(bytes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new TaggerError(
      'E_MEMORY',
      { message: 'no memory to share between threads', expected: `${Math.ceil(bytes / 2 ** 20)} MiB` },
      { cause },
    );
  }
}
