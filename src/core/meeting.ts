/**
 * Where the members of a crew, each in its own thread, meet: a barrier, a counter to claim jobs from, and a call from
 * the main thread. Whoever waits spins for a moment, since most waits are short, and then sleeps.
 */

const [ARRIVED, ROUND, CALL, PAUSED, STOPPED, BROKEN, JOBS] = [0, 1, 2, 3, 4, 5, 6];

/** Milliseconds after which a sleeper looks whether the meeting is broken off, if nobody wakes it. */
const SLEEP = 100;
/** Looks between two at the clock. */
const LOOKS = 64;

/** Thrown by whoever waits when the meeting is broken off. */
export class Broken extends Error {}

export class Meeting {
  readonly buffer: SharedArrayBuffer;
  /** Milliseconds that this member has waited for others. */
  waited = 0;
  private readonly ints: Int32Array;
  private readonly members: number;
  readonly spin: number;

  /** `spin` in milliseconds; 0 where there are more members than cores, which would only keep each other from working. */
  constructor(members: number, spin: number, buffer = new SharedArrayBuffer((JOBS + members) * 4)) {
    this.buffer = buffer;
    this.ints = new Int32Array(buffer);
    this.members = members;
    this.spin = spin;
  }

  /** Waits until all members are here. The last to come runs `last` before anybody goes on. Throws Broken. */
  meet(last?: () => void): void {
    const { ints } = this;
    // The last to come waits for nobody, and one alone never does.
    if (this.isBroken) throw new Broken();
    const round = Atomics.load(ints, ROUND);
    if (Atomics.add(ints, ARRIVED, 1) + 1 === this.members) {
      Atomics.store(ints, ARRIVED, 0);
      ints.fill(0, JOBS);
      last?.();
      Atomics.add(ints, ROUND, 1);
      Atomics.notify(ints, ROUND);
    } else {
      const before = performance.now();
      this.wait(ROUND, round, this.spin);
      this.waited += performance.now() - before;
    }
  }

  /** The next job of a list, counted from 0 at every meeting: nobody else gets it. There are as many lists as members. */
  claim(list = 0): number {
    return Atomics.add(this.ints, JOBS + list, 1);
  }

  /**
   * Does `count` jobs together with the others, every member those of its own part first: what a member has worked on in
   * one phase is in its cache in the next.
   */
  share(index: number, count: number, work: (job: number) => void): void {
    const { members } = this;
    for (let i = 0; i < members; i++) {
      const list = (index + i) % members;
      const first = Math.floor((list * count) / members);
      const end = Math.floor(((list + 1) * count) / members);
      for (let job = first + this.claim(list); job < end; job = first + this.claim(list)) work(job);
    }
  }

  /** From the main thread: wakes the members for an order. */
  call(): void {
    Atomics.store(this.ints, PAUSED, 0);
    Atomics.store(this.ints, STOPPED, 0);
    Atomics.add(this.ints, CALL, 1);
    Atomics.notify(this.ints, CALL);
  }

  /** Waits for a call after the given one; returns its number. Throws Broken. */
  next(call: number): number {
    this.wait(CALL, call, 0);
    return Atomics.load(this.ints, CALL);
  }

  /** From the main thread: asks the members to stop after a step, until they are called again. */
  pause(): void {
    Atomics.store(this.ints, PAUSED, 1);
  }

  /** For the last to come to a meeting: takes note of a pause, for all members alike. */
  decideToStop(): void {
    Atomics.store(this.ints, STOPPED, Atomics.load(this.ints, PAUSED));
  }

  get isStopped(): boolean {
    return Atomics.load(this.ints, STOPPED) === 1;
  }

  /** Breaks the meeting off for good: nobody waits any more. */
  break(): void {
    Atomics.store(this.ints, BROKEN, 1);
    Atomics.notify(this.ints, ROUND);
    Atomics.notify(this.ints, CALL);
  }

  get isBroken(): boolean {
    return Atomics.load(this.ints, BROKEN) === 1;
  }

  private wait(field: number, value: number, spin: number): void {
    const { ints } = this;
    const until = performance.now() + spin;
    for (let looks = 1; Atomics.load(ints, field) === value; looks++) {
      if (Atomics.load(ints, BROKEN) === 1) throw new Broken();
      if (looks % LOOKS === 0 && performance.now() >= until) Atomics.wait(ints, field, value, SLEEP);
    }
    if (Atomics.load(ints, BROKEN) === 1) throw new Broken();
  }
}
