/**
 * Threads that run the same program side by side, each doing a part of every step; what they count together is the same bits for
 * each of them and for any number of them, so that all decide alike what comes next.
 */
import { Meeting } from '../../core/meeting.js';
import { sharedDoubles } from '../../core/shared.js';

/** What every member is given. */
export interface TeamPlan {
  readonly members: number;
  /** See `Meeting`. */
  readonly spin: number;
  readonly meeting: SharedArrayBuffer;
  /** Sums of jobs: two buffers by turns, since a member may still read the one when another writes the next. */
  readonly sums: readonly [Float64Array, Float64Array];
}

/** For so many jobs a step at most, with `width` sums each. */
export function planTeam(members: number, spin: number, jobs: number, width: number): TeamPlan {
  const { buffer: meeting } = new Meeting(members, spin);
  return { members, spin, meeting, sums: [sharedDoubles(jobs * width), sharedDoubles(jobs * width)] };
}

export class Team {
  /** Of this member, from 0. */
  readonly index: number;
  private readonly meeting: Meeting;
  private readonly sums: TeamPlan['sums'];
  private turn = 0;

  constructor({ members, spin, meeting, sums }: TeamPlan, index: number) {
    this.index = index;
    this.meeting = new Meeting(members, spin, meeting);
    this.sums = sums;
  }

  /** Comes back when all jobs are done, by whomever. Throws Broken when the others have given up. */
  together(jobs: number, work: (job: number) => void): void {
    this.meeting.share(this.index, jobs, work);
    this.meeting.meet();
  }

  /**
   * The same, with `width` sums over the jobs: each job writes its own terms from `at` on, all of them, and they are added up in
   * the order of the jobs.
   */
  sum(
    jobs: number,
    width: number,
    work: (job: number, terms: Float64Array, at: number) => void,
  ): Float64Array {
    const terms = this.sums[this.turn];
    this.turn = 1 - this.turn;
    this.together(jobs, (job) => work(job, terms, job * width));
    const sums = new Float64Array(width);
    for (let job = 0; job < jobs; job++) {
      for (let i = 0; i < width; i++) sums[i] += terms[job * width + i];
    }
    return sums;
  }
}
