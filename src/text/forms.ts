/**
 * Interned word forms: every distinct form has a small number, and what layers read of a form (its row in a table, its
 * characters) is computed once and lies in memory by that number, where kernels and other threads find it.
 */
import { Ints } from '../core/ints.js';
import type { Memory } from '../core/memory.js';

/** One number a form: i32 [forms]. */
export interface Column {
  readonly address: number;
}

/** Several numbers a form: those of form f are values[starts[f]] … values[starts[f + 1] − 1], all i32. */
export interface Lists {
  readonly starts: Column;
  readonly values: Column;
}

/** What an embedding claims. `make` gives the function that computes; it is not called where the forms are another thread's. */
export interface FormFeatures {
  column(make: () => (form: string) => number): Column;
  lists(make: () => (form: string) => ArrayLike<number>): Lists;
}

/** Addresses of all columns, in the order in which they were claimed. */
export type FormsLayout = readonly number[];

interface Feature {
  add(form: string): void;
  truncate(forms: number): void;
}

export class Forms implements FormFeatures {
  private readonly heap: Memory;
  private readonly ids = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly features: Feature[] = [];
  private readonly columns: Ints[] = [];
  private pinned = 0;

  constructor(heap: Memory) {
    this.heap = heap;
  }

  get size(): number {
    return this.texts.length;
  }

  /** Forms that `forget` would forget. */
  get passing(): number {
    return this.texts.length - this.pinned;
  }

  id(text: string): number {
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.addFeatures(text, id);
      this.ids.set(text, id);
      this.texts.push(text);
    }
    return id;
  }

  encode(words: readonly string[]): Int32Array {
    return Int32Array.from(words, (word) => this.id(word));
  }

  column(make: () => (form: string) => number): Column {
    const values = this.ints();
    const compute = make();
    this.claim({
      add: (form) => values.push(compute(form)),
      truncate: (forms) => values.truncate(forms),
    });
    return values;
  }

  lists(make: () => (form: string) => ArrayLike<number>): Lists {
    const starts = this.ints();
    const values = this.ints();
    const compute = make();
    starts.push(0);
    this.claim({
      add(form) {
        const list = compute(form);
        for (let i = 0; i < list.length; i++) values.push(list[i]);
        starts.push(values.length);
      },
      truncate(forms) {
        starts.truncate(forms + 1);
        values.truncate(starts.at(starts.length - 1));
      },
    });
    return { starts, values };
  }

  /** Keeps the forms so far for good, such as those of the training sentences. */
  pin(): void {
    this.pinned = this.texts.length;
  }

  /** Forgets the forms since `pin`, or all; their numbers are no longer valid. */
  forget(): void {
    for (const text of this.texts.splice(this.pinned)) this.ids.delete(text);
    for (const feature of this.features) feature.truncate(this.pinned);
  }

  /** For threads that work on the forms so far. A form that is new moves the columns. */
  share(): FormsLayout {
    return this.columns.map(({ address }) => address);
  }

  release(): void {
    for (const column of this.columns) column.release();
    this.columns.length = 0;
  }

  /** All of them, or none where there is no memory. */
  private addFeatures(text: string, id: number): void {
    try {
      for (const feature of this.features) feature.add(text);
    } catch (error) {
      for (const feature of this.features) feature.truncate(id);
      throw error;
    }
  }

  private ints(): Ints {
    const ints = new Ints(this.heap);
    this.columns.push(ints);
    return ints;
  }

  private claim(feature: Feature): void {
    for (const text of this.texts) feature.add(text);
    this.features.push(feature);
  }
}

/** The forms of another thread, which computes them: their columns, claimed in the same order. */
export function sharedForms(layout: FormsLayout): FormFeatures {
  const addresses = layout.values();
  const next = (): Column => ({ address: addresses.next().value ?? 0 });
  return { column: next, lists: () => ({ starts: next(), values: next() }) };
}
