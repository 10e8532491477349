/** A crew of one, in this thread. */
import { Arena } from '../core/arena.js';
import type { Order } from './board.js';
import type { Crew } from './crew.js';
import { Meeting } from './meeting.js';
import { Member } from './member.js';
import type { Workplace } from './workplace.js';

/** Milliseconds after which the event loop gets its turn. */
const BREATH = 50;

export class LocalCrew implements Crew {
  private readonly meeting = new Meeting(1, 0);
  private readonly member: Member;

  constructor({ plan, network, optimizer, board }: Workplace) {
    const arena = new Arena(network.engine.heap);
    this.member = new Member(
      plan,
      { ...network, optimizer },
      { meeting: this.meeting, board, arena, index: 0 },
    );
  }

  async perform(order: Order): Promise<void> {
    this.meeting.call();
    let breath = performance.now();
    for (const _ of this.member.perform(order)) {
      if (performance.now() - breath < BREATH) continue;
      await new Promise(setImmediate);
      breath = performance.now();
    }
  }

  pause(): void {
    this.meeting.pause();
  }

  async leave(): Promise<void> {
    this.member.arena.release();
  }
}
