/** Interned word forms: every distinct form has a small number, and what is derived from a form is derived once. */
export class Forms {
  private readonly ids = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly caches: unknown[][] = [];
  private pinned = 0;

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
      this.ids.set(text, id);
      this.texts.push(text);
    }
    return id;
  }

  encode(words: readonly string[]): Int32Array {
    return Int32Array.from(words, (word) => this.id(word));
  }

  /** A function from a form's number to what `compute` makes of its text, remembered. */
  derive<T extends {}>(compute: (text: string) => T): (form: number) => T {
    const cache: (T | undefined)[] = [];
    this.caches.push(cache);
    return (form) => {
      let value = cache[form];
      if (value === undefined) {
        value = compute(this.texts[form]);
        cache[form] = value;
      }
      return value;
    };
  }

  /** Keeps the forms so far for good, such as those of the training sentences. */
  pin(): void {
    this.pinned = this.texts.length;
  }

  /** Forgets the forms since `pin`, or all; their numbers are no longer valid. */
  forget(): void {
    for (const text of this.texts.splice(this.pinned)) this.ids.delete(text);
    for (const cache of this.caches) if (cache.length > this.pinned) cache.length = this.pinned;
  }
}
