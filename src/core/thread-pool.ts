/** Threads of piscina that live as long as their pool. */
import { Piscina } from 'piscina';

type Options = NonNullable<ConstructorParameters<typeof Piscina>[0]>;

export class ThreadPool extends Piscina {
  /** Settles when every thread has loaded its module, or has ended. */
  private readonly loaded: Promise<unknown>;

  /** `worker` is the module of the threads: its default export is given the tasks. */
  constructor(worker: URL, threads: number, options: Options = {}) {
    super({
      filename: worker.href,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      ...options,
    });
    this.loaded = Promise.all(this.threads.map(firstSign));
  }

  /**
   * Ends the threads, whatever they do; but one that still loads its module may load it first, since Node ends the whole
   * process where a thread is ended in the midst of that ("IsGraphAsync must be used on an instantiated module", Node 20.20).
   */
  override async destroy(): Promise<void> {
    // Idle threads do not keep the process alive, which would end while this waits for them.
    for (const thread of this.threads) thread.ref();
    await this.loaded;
    await super.destroy();
  }
}

/** Piscina's threads send a message as soon as their module is there. */
function firstSign(thread: Piscina['threads'][number]): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['message', 'error', 'exit']) thread.once(event, () => resolve());
  });
}
