/**
 * The direction of L-BFGS (Nocedal 1980) from dot products alone: it is a combination of the last steps s, the changes y of the
 * gradient with them, and the gradient g, whose factors follow from the products of these vectors (Chen et al. 2014, Large-scale
 * L-BFGS using MapReduce). So vectors are read once for the products and once for the combination, whatever the number of steps.
 */

/** −direction = g · gradient + Σ s[slot] · steps[slot] + y[slot] · changes[slot]. */
export interface Combination {
  readonly slots: readonly number[];
  readonly g: number;
  readonly s: Float64Array;
  readonly y: Float64Array;
}

/** `width` numbers of each remembered step, as `multiply` in vectors.ts writes them. */
export interface Products {
  readonly values: Float64Array;
  readonly width: number;
}

export class Directions {
  private readonly memory: number;
  /** [memory × memory] s of the row with y of the column, and y with y. */
  private readonly sy: Float64Array;
  private readonly yy: Float64Array;
  private readonly slots: number[] = [];

  /** `memory` steps are remembered. */
  constructor(memory: number) {
    this.memory = memory;
    this.sy = new Float64Array(memory * memory);
    this.yy = new Float64Array(memory * memory);
  }

  /** The slot for the next step: a free one, or that of the oldest, which is forgotten. */
  nextSlot(): number {
    const slot = this.slots.length < this.memory ? this.slots.length : this.slots.shift()!;
    this.slots.push(slot);
    return slot;
  }

  /** The slots in use, that of the newest step last. */
  get remembered(): readonly number[] {
    return this.slots;
  }

  /** `products` of the newest step with the remembered ones, in their order. */
  combine({ values, width }: Products): Combination {
    const { memory, sy, yy, slots } = this;
    const newest = slots[slots.length - 1];
    slots.forEach((slot, i) => {
      sy[newest * memory + slot] = values[i * width];
      sy[slot * memory + newest] = values[i * width + 1];
      yy[newest * memory + slot] = values[i * width + 2];
      yy[slot * memory + newest] = values[i * width + 2];
    });
    const [s, y, taken] = [0, 1, 2].map(() => new Float64Array(memory));
    for (let i = slots.length - 1; i >= 0; i--) {
      const slot = slots[i];
      let product = values[i * width + 3];
      for (const other of slots) product += y[other] * sy[slot * memory + other];
      taken[slot] = product / sy[slot * memory + slot];
      y[slot] = -taken[slot];
    }
    // The curvature along the newest step stands for that of directions in which no step went.
    const g = sy[newest * memory + newest] / yy[newest * memory + newest];
    for (const slot of slots) y[slot] *= g;
    slots.forEach((slot, i) => {
      let product = g * values[i * width + 4];
      for (const other of slots) {
        product += y[other] * yy[slot * memory + other] + s[other] * sy[other * memory + slot];
      }
      s[slot] = taken[slot] - product / sy[slot * memory + slot];
    });
    return { slots: [...slots], g, s, y };
  }
}
