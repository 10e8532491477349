/** A shared WebAssembly memory as one thread sees it: its views, and where addresses come from. */

/** Bytes behind every block that kernels may read and write back unchanged (see `src/kernels/tiles.ts`). */
export const SLACK = 32;

export abstract class Memory {
  readonly memory: WebAssembly.Memory;
  private views: ReturnType<typeof viewsOf>;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.views = viewsOf(memory.buffer);
  }

  /** Address of `bytes` fresh bytes, 64-byte aligned and not cleared. Throws E_MEMORY. */
  abstract allocate(bytes: number): number;

  abstract release(start: number): void;

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

  /** Address of cleared bytes. */
  allocateZeros(bytes: number): number {
    const start = this.allocate(bytes);
    this.u8.fill(0, start, start + bytes);
    return start;
  }

  /** Makes the views reach as far as the memory, which another thread may have grown. */
  refresh(): void {
    if (this.views.u8.length !== this.memory.buffer.byteLength) this.views = viewsOf(this.memory.buffer);
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
