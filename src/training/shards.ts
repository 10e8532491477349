/**
 * How the steps of an epoch are cut into shards. A shard is what one member of a crew works on at a time, with its own
 * gradients and random numbers; there are as many of them whatever the number of members, so that a model does not
 * depend on who trained it.
 */

/** Sentences by number; those of shard s of step t (both from 0) are sentences[bounds[i]] … sentences[bounds[i + 1] − 1], i = t · shards + s. */
export interface EpochShards {
  readonly sentences: Int32Array;
  readonly bounds: Int32Array;
}

export function stepsOf(sentences: number, batch: number): number {
  return Math.ceil(sentences / batch);
}

/**
 * Cuts mini-batches of `batch` sentences in the given order into shards of about as many tokens each: halves of halves,
 * so that two workers have as much to do as four. In a step the shards go from large to small, which leaves the least to
 * wait for at its end (Graham 1969); in a shard sentences go from long to short.
 */
export function cutIntoShards(
  order: Int32Array,
  lengthOf: (sentence: number) => number,
  batch: number,
  shards: number,
): EpochShards {
  const steps = stepsOf(order.length, batch);
  const sentences = new Int32Array(order.length);
  const bounds = new Int32Array(steps * shards + 1);
  let filled = 0;
  for (let step = 0; step < steps; step++) {
    const items = Array.from(order.subarray(step * batch, (step + 1) * batch), (sentence) => ({
      sentence,
      tokens: lengthOf(sentence),
    }));
    items.sort((a, b) => b.tokens - a.tokens || a.sentence - b.sentence);
    const parts = split(items, shards).sort((a, b) => tokensOf(b) - tokensOf(a));
    parts.forEach((part, shard) => {
      for (const { sentence } of part) sentences[filled++] = sentence;
      bounds[step * shards + shard + 1] = filled;
    });
  }
  return { sentences, bounds };
}

interface Item {
  readonly sentence: number;
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
