/**
 * Lanes of an epoch: sequences stand in them one behind another, and every step takes the next window of each lane. So a step has at
 * most as many windows as there are lanes, and a window comes in the step after the one before it.
 */

/** The windows of step t (from 0) are windows[bounds[t]] … windows[bounds[t + 1] − 1], each in its lane. */
export interface LaneSteps {
  readonly windows: Int32Array;
  readonly lanes: Int32Array;
  readonly bounds: Int32Array;
}

/** How many windows each sequence has. */
export type WindowCounts = Int32Array | readonly number[];

/** Steps of an epoch, which do not depend on the order. */
export function stepsOf(counts: WindowCounts, lanes: number): number {
  const all = Int32Array.from({ length: counts.length }, (_, i) => i);
  return deal(counts, all, lanes).reduce((most, lane) => Math.max(most, windowsIn(counts, lane)), 0);
}

/**
 * The longest sequences are dealt first, each to the lane that has the fewest windows (Graham 1969), those of one length in the given
 * order; in its lane, a sequence stands where the order puts it. Sequences of one window make batches of the order cut at every
 * `lanes`-th.
 */
export function walkLanes(counts: WindowCounts, order: Int32Array, lanes: number): LaneSteps {
  const firsts = new Int32Array(counts.length);
  for (let s = 1; s < counts.length; s++) firsts[s] = firsts[s - 1] + counts[s - 1];
  const queues = deal(counts, order, lanes).map((lane) =>
    lane.flatMap((sequence) => Array.from({ length: counts[sequence] }, (_, i) => firsts[sequence] + i)),
  );
  const steps = queues.reduce((most, { length }) => Math.max(most, length), 0);
  const windows: number[] = [];
  const lanesOf: number[] = [];
  const bounds = [0];
  for (let step = 0; step < steps; step++) {
    queues.forEach((queue, lane) => {
      if (step >= queue.length) return;
      windows.push(queue[step]);
      lanesOf.push(lane);
    });
    bounds.push(windows.length);
  }
  return {
    windows: Int32Array.from(windows),
    lanes: Int32Array.from(lanesOf),
    bounds: Int32Array.from(bounds),
  };
}

/** The sequences of every lane, in the given order. */
function deal(counts: WindowCounts, order: Int32Array, lanes: number): number[][] {
  const places = Array.from(order, (sequence, place) => ({ sequence, place }));
  const longestFirst = [...places].sort(
    (a, b) => counts[b.sequence] - counts[a.sequence] || a.place - b.place,
  );
  const dealt = Array.from({ length: lanes }, () => [] as typeof places);
  const loads = new Float64Array(lanes);
  for (const item of longestFirst) {
    const least = leastOf(loads);
    dealt[least].push(item);
    loads[least] += counts[item.sequence];
  }
  return dealt.map((lane) => lane.sort((a, b) => a.place - b.place).map(({ sequence }) => sequence));
}

/** The first of the least. */
function leastOf(values: Float64Array): number {
  let least = 0;
  for (let i = 1; i < values.length; i++) if (values[i] < values[least]) least = i;
  return least;
}

const windowsIn = (counts: WindowCounts, lane: readonly number[]): number =>
  lane.reduce((sum, sequence) => sum + counts[sequence], 0);
