/** Allocation in a memory, which grows as needed and never shrinks. One heap a memory, in the thread that made it. */
import { TaggerError } from './errors.js';
import { Memory, SLACK } from './memory.js';

const PAGE = 65_536;
/** The first pages are the module's own. */
const FIRST = 2 * PAGE;
const ALIGNMENT = 64;
export class Heap extends Memory {
  /** Freed blocks by address, none next to another. */
  private free: { start: number; end: number }[] = [];
  private top = FIRST;
  private readonly sizes = new Map<number, number>();

  /** Bytes in use. */
  get used(): number {
    return this.top - FIRST - this.free.reduce((sum, block) => sum + block.end - block.start, 0);
  }

  /** Throws E_MEMORY when 4 GiB are used up. */
  allocate(bytes: number): number {
    const size = Math.ceil((bytes + SLACK) / ALIGNMENT) * ALIGNMENT;
    const block = this.free.find((candidate) => candidate.end - candidate.start >= size);
    const start = block?.start ?? this.top;
    if (block) {
      block.start += size;
      if (block.start === block.end) this.free.splice(this.free.indexOf(block), 1);
    } else {
      this.grow(this.top + size);
      this.top += size;
    }
    this.sizes.set(start, size);
    return start;
  }

  release(start: number): void {
    const size = this.sizes.get(start);
    if (size === undefined)
      throw new TaggerError('E_INTERNAL', { message: `no block was allocated at ${start}` });
    this.sizes.delete(start);
    const at = this.free.findIndex((block) => block.start > start);
    this.free.splice(at < 0 ? this.free.length : at, 0, { start, end: start + size });
    this.free = this.free.reduce<{ start: number; end: number }[]>((merged, block) => {
      const last = merged.at(-1);
      if (last?.end === block.start) last.end = block.end;
      else merged.push(block);
      return merged;
    }, []);
    const last = this.free.at(-1);
    if (last?.end === this.top) {
      this.top = last.start;
      this.free.pop();
    }
  }

  private grow(end: number): void {
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) {
      // A quarter more than asked for, so that many small allocations grow the memory seldom.
      const pages = Math.ceil(Math.max(missing, this.memory.buffer.byteLength / 4) / PAGE);
      if (!this.tryGrow(pages) && !this.tryGrow(Math.ceil(missing / PAGE))) {
        throw new TaggerError('E_MEMORY', {
          message: 'no more memory for the network',
          expected: `${Math.ceil(end / 2 ** 20)} MiB`,
          found: `${Math.floor(this.memory.buffer.byteLength / 2 ** 20)} MiB, which the system does not let grow (the limit is 4 GiB)`,
          hint: 'smaller batches, fewer units, or fewer kept word vectors (embeddings[].keep)',
        });
      }
    }
    this.refresh();
  }

  private tryGrow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }
}
