/** A crew of one, in this thread. */
import { Arena } from '../core/arena.js';
import { Meeting } from '../core/meeting.js';
import type { Order } from './board.js';
import type { Crew } from './crew.js';
import { Member } from './member.js';
import type { Workplace } from './workplace.js';

/** Milliseconds after which the event loop gets its turn. */
const BREATH = 50;

export class LocalCrew implements Crew {
  private readonly meeting = new Meeting(1, 0);
  private readonly member: Member;
  private working: Promise<void> = Promise.resolve();
  private isLeaving = false;

  constructor({ plan, network, method, board }: Workplace) {
    const arena = new Arena(network.engine.heap);
    this.member = new Member(plan, network, method, { meeting: this.meeting, board, arena, index: 0 });
  }

  perform(order: Order): Promise<void> {
    this.meeting.call();
    this.working = this.work(order);
    return this.working;
  }

  pause(): void {
    this.meeting.pause();
  }

  async leave(): Promise<void> {
    this.isLeaving = true;
    // Who waits for the work has its error.
    await this.working.catch(() => {});
    this.member.arena.release();
  }

  private async work(order: Order): Promise<void> {
    let breath = performance.now();
    for (const _ of this.member.perform(order)) {
      if (performance.now() - breath < BREATH) continue;
      await new Promise(setImmediate);
      if (this.isLeaving) return;
      breath = performance.now();
    }
  }
}
