/** Interned word forms: every distinct form has a small number, and what is derived from a form is derived once. */
export class Forms {
  private readonly ids = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly caches: unknown[][] = [];

  get size(): number {
    return this.texts.length;
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

  /** Forgets all forms; numbers given before are no longer valid. */
  clear(): void {
    this.ids.clear();
    this.texts.length = 0;
    for (const cache of this.caches) cache.length = 0;
  }
}
