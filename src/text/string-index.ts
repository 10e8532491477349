/**
 * Strings and their numbers in a memory, where every thread finds them: one copy, however many threads look words up. A
 * hash table with linear probing, at most half full.
 *
 * In the memory: i32 [count, mask], i32 slots[mask + 1] (number + 1, 0 where free), i32 starts[count + 1], u16 code units.
 */
import type { Memory } from '../core/memory.js';
import type { Params } from '../core/params.js';

const HEADER = 2;

export class StringIndex {
  private readonly memory: Memory;
  private readonly header: number;

  /** Bytes for so many strings of so many UTF-16 code units in all. */
  static bytes(count: number, units: number): number {
    return (HEADER + slotsFor(count) + count + 1) * 4 + units * 2;
  }

  /** Writes strings, numbered from 0 in order; of equal ones the first counts. */
  static write(memory: Memory, address: number, strings: readonly string[]): void {
    const index = new StringIndex(memory, address);
    const slots = slotsFor(strings.length);
    const { i32, u16 } = memory;
    i32.set([strings.length, slots - 1], index.header);
    i32.fill(0, index.header + HEADER, index.header + HEADER + slots);
    const starts = index.header + HEADER + slots;
    const units = (starts + strings.length + 1) * 2;
    let end = 0;
    strings.forEach((text, number) => {
      i32[starts + number] = end;
      for (let i = 0; i < text.length; i++) u16[units + end++] = text.charCodeAt(i);
      // Its end too, which comparisons need before the next string is there.
      i32[starts + number + 1] = end;
      const slot = index.slotOf(text);
      if (i32[slot] === 0) i32[slot] = number + 1;
    });
  }

  /** The index of so many strings of so many code units in all, which live as long as the parameters. */
  static reserve(
    params: Params,
    count: number,
    units: number,
    strings: () => readonly string[],
  ): StringIndex {
    const { heap } = params;
    const bytes = StringIndex.bytes(count, units);
    return new StringIndex(
      heap,
      params.reserve(bytes, (address) => StringIndex.write(heap, address, strings())),
    );
  }

  /** The index that is, or will be, written at an address. */
  constructor(memory: Memory, address: number) {
    this.memory = memory;
    this.header = address >>> 2;
  }

  /** The number of a string; −1 where it is none of them. */
  find(text: string): number {
    return this.memory.i32[this.slotOf(text)] - 1;
  }

  /** Where a string stands, or would. */
  private slotOf(text: string): number {
    const { i32, u16 } = this.memory;
    const [count, mask] = [i32[this.header], i32[this.header + 1]];
    const slots = this.header + HEADER;
    const starts = slots + mask + 1;
    const units = (starts + count + 1) * 2;
    for (let slot = hash(text) & mask; ; slot = (slot + 1) & mask) {
      const number = i32[slots + slot] - 1;
      if (number < 0) return slots + slot;
      const start = i32[starts + number];
      if (i32[starts + number + 1] - start === text.length && isAt(text, u16, units + start))
        return slots + slot;
    }
  }
}

/** The number of code units of all strings, which the size of their index follows from. */
export function unitsOf(strings: Iterable<string>): number {
  let units = 0;
  for (const { length } of strings) units += length;
  return units;
}

function isAt(text: string, units: Uint16Array, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (units[from + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** A power of two, more than twice the count. */
function slotsFor(count: number): number {
  return 2 ** (Math.floor(Math.log2(count + 1)) + 2);
}

/** FNV-1a over code units, its high bits folded into the low ones, which the mask takes. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h ^ (h >>> 15);
}
