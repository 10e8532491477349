/** Windows as a pass takes them. */
import type { Arena } from '../core/arena.js';
import { type Batch, makeBatch } from '../core/batch.js';
import type { LaneStates, Working } from '../core/carry.js';
import { type OpenEnds, partsOf } from '../core/parts.js';
import type { Run } from '../core/run.js';
import type { Windows } from './windows.js';

/** What of a run is of the windows. */
export interface Pass extends Pick<Run, 'batch' | 'parts' | 'ends'> {
  /** The windows' parts, through all of them. */
  readonly numbers: readonly number[];
  /** The batch of the parts. */
  readonly ofParts: Batch;
}

export function passOf(windows: Windows, own: readonly number[], arena: Arena): Pass {
  const sequences = own.map((window) => windows.forms(window));
  const numbers = own.map((window) => range(...windows.partsOf(window)));
  const lengths = numbers.map((parts) => parts.map((part) => windows.partLength(part)));
  const batch = makeBatch(sequences, arena, windows.tracks(own));
  const parts = partsOf(batch, sequences, lengths, arena);
  const ofParts = parts?.batch ?? batch;
  const flat = numbers.flat();
  return { batch, parts, ends: endsOf(windows, flat, ofParts), numbers: flat, ofParts };
}

/** Address of the gold tags in the order of the parts' batch. */
export function goldTags(windows: Windows, { numbers, ofParts }: Pass, arena: Arena): number {
  const { tokens, firstRows, rank } = ofParts;
  const address = arena.words(tokens);
  const view = arena.heap.i32;
  numbers.forEach((part, p) => {
    const tags = windows.tags(part);
    for (let t = 0; t < tags.length; t++) view[(address >>> 2) + firstRows[t] + rank[p]] = tags[t];
  });
  return address;
}

/** Writes tags, at an address, over those of the parts. */
export function keepTags(windows: Windows, { numbers, ofParts }: Pass, tags: number, arena: Arena): void {
  const { firstRows, rank } = ofParts;
  const view = arena.heap.i32;
  numbers.forEach((part, p) => {
    const to = windows.tags(part);
    for (let t = 0; t < to.length; t++) to[t] = view[(tags >>> 2) + firstRows[t] + rank[p]];
  });
}

/** The carry of a pass over windows, each in its lane. */
export function carryOf(
  states: LaneStates,
  windows: Windows,
  own: readonly number[],
  lanes: readonly number[],
  { batch, ...working }: Working & Pick<Pass, 'batch'>,
): ReturnType<LaneStates['carry']> {
  const sequences = Array.from(batch.order, (s) => ({
    lane: lanes[s],
    goesOn: windows.isContinued(own[s]),
  }));
  return states.carry(sequences, working);
}

function endsOf(windows: Windows, parts: readonly number[], { order }: Batch): OpenEnds | undefined {
  if (!parts.some((part) => windows.isOpen(part))) return undefined;
  return {
    before: Int32Array.from(order, (p) => windows.tagBefore(parts[p])),
    goesOn: Uint8Array.from(order, (p) => Number(windows.goesOn(parts[p]))),
  };
}

const range = (first: number, end: number): number[] =>
  Array.from({ length: end - first }, (_, i) => first + i);
