/** What is computed from the parameters, such as packed weights: made anew only after these changed. */
import type { Kernels } from './kernels.js';

/** Writes the copy to the address. */
export type Fill = (kernels: Kernels, address: number) => void;

/** The parameters that a copy is made of. */
interface Source {
  /** Counts their changes. */
  readonly version: number;
  own(bytes: number): number;
}

export class Derived {
  readonly bytes: number;
  private readonly source: Source;
  private readonly fill: Fill;
  private block: number;
  private version = -1;

  /** `block` is 0 until the first use, where no other thread has made room for it. Use `Params.derive`. */
  constructor(source: Source, bytes: number, fill: Fill, block: number) {
    this.source = source;
    this.bytes = bytes;
    this.fill = fill;
    this.block = block;
  }

  get address(): number {
    if (this.block === 0) this.block = this.source.own(this.bytes);
    return this.block;
  }

  /** The address, after the copy was brought up to date. */
  fresh(kernels: Kernels): number {
    if (this.version !== this.source.version) {
      this.fill(kernels, this.address);
      this.version = this.source.version;
    }
    return this.address;
  }

  /** Another thread has brought the copy up to date. */
  markFresh(): void {
    this.version = this.source.version;
  }
}
