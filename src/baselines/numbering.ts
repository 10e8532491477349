/** Strings numbered from 0 in the order in which they are first seen. */
export class Numbering {
  // Words come from people: only a Map has no entry `constructor` from the start.
  private readonly numbers = new Map<string, number>();

  get size(): number {
    return this.numbers.size;
  }

  get names(): string[] {
    return [...this.numbers.keys()];
  }

  /** The number of a string, which gets the next one where it is new. */
  add(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.numbers.size);
    return this.numbers.size - 1;
  }

  /** −1 where it is none of them. */
  find(text: string): number {
    return this.numbers.get(text) ?? -1;
  }
}
