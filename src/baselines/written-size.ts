/** How large a model is where it is written out: its words and names as JSON, its numbers as they are. */

/** Bytes of what is plain data. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
