/**
 * How the steps of an epoch are cut into shards. A shard is what one member of a crew works on at a time, with its own
 * gradients and random numbers; there are as many of them whatever the number of members, so that a model does not
 * depend on who trained it.
 */

import type { LaneSteps } from './lanes.js';

/**
 * Windows by number, each with its lane; those of shard s of step t (both from 0) are windows[bounds[i]] … windows[bounds[i + 1] − 1],
 * i = t · shards + s.
 */
export interface EpochShards {
  readonly windows: Int32Array;
  readonly lanes: Int32Array;
  readonly bounds: Int32Array;
}

/**
 * Cuts steps into shards of about as many tokens each: halves of halves, so that two workers have as much to do as four. In a
 * step the shards go from large to small, which leaves the least to wait for at its end (Graham 1969); in a shard windows go from
 * long to short.
 */
export function cutIntoShards(
  steps: LaneSteps,
  lengthOf: (window: number) => number,
  shards: number,
): EpochShards {
  const count = steps.bounds.length - 1;
  const [windows, lanes] = [0, 1].map(() => new Int32Array(steps.windows.length));
  const bounds = new Int32Array(count * shards + 1);
  let filled = 0;
  for (let step = 0; step < count; step++) {
    const [first, end] = [steps.bounds[step], steps.bounds[step + 1]];
    const items = Array.from({ length: end - first }, (_, i) => {
      const window = steps.windows[first + i];
      return { window, lane: steps.lanes[first + i], tokens: lengthOf(window) };
    });
    items.sort((a, b) => b.tokens - a.tokens || a.window - b.window);
    const parts = split(items, shards).sort((a, b) => tokensOf(b) - tokensOf(a));
    parts.forEach((part, shard) => {
      for (const { window, lane } of part) {
        windows[filled] = window;
        lanes[filled++] = lane;
      }
      bounds[step * shards + shard + 1] = filled;
    });
  }
  return { windows, lanes, bounds };
}

interface Item {
  readonly window: number;
  readonly lane: number;
  readonly tokens: number;
}

function tokensOf(items: readonly Item[]): number {
  return items.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** Items from long to short into so many parts: each goes to the half that has less for its number of parts. */
function split(items: readonly Item[], parts: number): Item[][] {
  if (parts === 1) return [[...items]];
  const sides = [Math.ceil(parts / 2), Math.floor(parts / 2)].map((share) => ({
    share,
    tokens: 0,
    items: [] as Item[],
  }));
  const [first, second] = sides;
  for (const item of items) {
    const side = first.tokens * second.share <= second.tokens * first.share ? first : second;
    side.items.push(item);
    side.tokens += item.tokens;
  }
  return sides.flatMap((side) => split(side.items, side.share));
}
