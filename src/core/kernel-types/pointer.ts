/** A byte offset into the engine's memory. */
export type Pointer = number;
