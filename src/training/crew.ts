/** A crew carries out orders on a workplace: in this thread, or in several others. */
import type { Order } from './board.js';

export interface Crew {
  /** Resolves when the order is carried out, or training paused. Throws what a member threw. */
  perform(order: Order): Promise<void>;
  /** Asks for a stop after the step. */
  pause(): void;
  /** Ends the work, whatever state it is in, and gives the arenas back. */
  leave(): Promise<void>;
}
