/** Allocation in one shared WebAssembly memory, which grows as needed and never shrinks. */
import { TaggerError } from './errors.js';

const PAGE = 65_536;
/** The first pages are the module's own. */
const FIRST = 2 * PAGE;
const ALIGNMENT = 64;
/** Bytes behind every block that kernels may read and write back unchanged (see `src/kernels/tiles.ts`). */
const SLACK = 32;

export class Heap {
  readonly memory: WebAssembly.Memory;
  /** Freed blocks by address, none next to another. */
  private free: { start: number; end: number }[] = [];
  private top = FIRST;
  private readonly sizes = new Map<number, number>();
  private views: { f32: Float32Array; f64: Float64Array; i32: Int32Array; u16: Uint16Array; u8: Uint8Array };

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.views = viewsOf(memory.buffer);
  }

  /** Views of the whole memory. Fetch them anew after every allocation: growing replaces them. */
  get f32(): Float32Array {
    return this.views.f32;
  }
  get f64(): Float64Array {
    return this.views.f64;
  }
  get i32(): Int32Array {
    return this.views.i32;
  }
  get u16(): Uint16Array {
    return this.views.u16;
  }
  get u8(): Uint8Array {
    return this.views.u8;
  }

  /** Bytes in use. */
  get used(): number {
    return this.top - FIRST - this.free.reduce((sum, block) => sum + block.end - block.start, 0);
  }

  /** Address of `bytes` fresh bytes, 64-byte aligned and not cleared. Throws E_MEMORY when 4 GiB are used up. */
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

  /** Address of cleared bytes. */
  allocateZeros(bytes: number): number {
    const start = this.allocate(bytes);
    this.u8.fill(0, start, start + bytes);
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
    if (this.views.u8.length !== this.memory.buffer.byteLength) this.views = viewsOf(this.memory.buffer);
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

function viewsOf(buffer: ArrayBufferLike) {
  return {
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
    i32: new Int32Array(buffer),
    u16: new Uint16Array(buffer),
    u8: new Uint8Array(buffer),
  };
}
