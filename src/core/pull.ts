/** A stream that is read an item at a time, and that can be left while it waits for its next one. */
export class Pull<T> {
  private readonly stream: AsyncIterator<T>;
  private state: 'idle' | 'waiting' | 'over' = 'idle';

  constructor(items: AsyncIterable<T>) {
    this.stream = items[Symbol.asyncIterator]();
  }

  /** Not before the last one has come. */
  async next(): Promise<IteratorResult<T>> {
    this.state = 'waiting';
    try {
      const next = await this.stream.next();
      this.state = next.done ? 'over' : 'idle';
      return next;
    } catch (error) {
      this.state = 'over';
      throw error;
    }
  }

  /** Tells the stream that no more is wanted, unless it is over, and waits until it has closed what it has open. */
  async leave(): Promise<void> {
    if (this.state === 'over') return;
    const left = this.stream.return?.();
    if (this.state === 'idle') await left;
    // One that waits for its next item, such as a terminal, may do so for ever. Nobody is left to hear what it throws.
    else left?.then(undefined, () => {});
  }
}
