/**
 * The n best allowed paths of one sentence: Viterbi's recursion that keeps the n best paths to every tag instead of one
 * (list Viterbi: Seshadri and Sundberg 1994; for taggers: Schwartz and Chow 1990).
 */
import { type ChainScores, isForbidden } from './chain.js';

/** The tags that may stand before one, and the scores of going from them to it. */
interface Links {
  readonly from: Int32Array;
  readonly scores: Float32Array;
}

/** A chain as the search walks it: into each tag from the start and from other tags, and from each tag to the end. */
export interface PathLinks {
  readonly start: readonly Links[];
  readonly inner: readonly Links[];
  readonly stop: readonly Links[];
}

/** The best paths to every tag at one token; those to tag j are at offsets[j] … offsets[j + 1], best first. */
interface Step {
  readonly offsets: Int32Array;
  readonly scores: Float32Array;
  /** The tag before, and the place of the path to it in the step before. */
  readonly tags: Int32Array;
  readonly places: Int32Array;
}

export function pathLinks({ start, transitions, stop }: ChainScores): PathLinks {
  const tags = Array.from(start.keys());
  return {
    start: tags.map((tag) => linksOf([start[tag]])),
    inner: tags.map((to) => linksOf(tags.map((from) => transitions[from * tags.length + to]))),
    stop: [linksOf([...stop])],
  };
}

function linksOf(scores: readonly number[]): Links {
  const from = Int32Array.from(scores.keys()).filter((tag) => !isForbidden(scores[tag]));
  return { from, scores: Float32Array.from(from, (tag) => scores[tag]) };
}

/** Before the first token: one path, to one tag that stands for the start. */
const nowhere: Step = {
  offsets: Int32Array.of(0, 1),
  scores: Float32Array.of(0),
  tags: Int32Array.of(0),
  places: Int32Array.of(0),
};

/**
 * At most `n` paths, from the best on, all of them where there are fewer; none through what is forbidden. e [T][K] holds
 * the emissions, T at least 1. Of equally good paths the one with the smaller last tag comes first, then that with the
 * smaller tag before it, and so on. Sums are rounded to floats where the kernel `viterbi` rounds, so that the first path
 * is what it finds. Time in proportion to T · K² · n.
 */
export function bestPaths(e: readonly Float32Array[], links: PathLinks, n: number): Int32Array[] {
  const steps: Step[] = [];
  let before = nowhere;
  for (const emissions of e) {
    before = advance(before, steps.length === 0 ? links.start : links.inner, emissions, n);
    steps.push(before);
  }
  const end = advance(before, links.stop, Float32Array.of(0), n);
  return Array.from(end.tags, (tag, i) => trace(steps, tag, end.places[i]));
}

/** One token on: the n best of all paths into each tag. */
function advance(before: Step, links: readonly Links[], emissions: Float32Array, n: number): Step {
  const { offsets: starts } = before;
  const offsets = new Int32Array(links.length + 1);
  links.forEach(({ from }, tag) => {
    let paths = 0;
    for (const one of from) paths += starts[one + 1] - starts[one];
    offsets[tag + 1] = offsets[tag] + Math.min(n, paths);
  });
  const total = offsets[links.length];
  const step = {
    offsets,
    scores: new Float32Array(total),
    tags: new Int32Array(total),
    places: new Int32Array(total),
  };
  const room = { heads: new Int32Array(starts.length), next: new Float32Array(starts.length) };
  links.forEach((into, tag) => {
    merge(before, into, emissions[tag], step, tag, room);
  });
  return step;
}

/** Fills in the paths to one tag. Those of each tag before are in order, so that one of their heads is always the next. */
function merge(
  before: Step,
  { from, scores }: Links,
  emission: number,
  step: Step,
  tag: number,
  { heads, next }: { readonly heads: Int32Array; readonly next: Float32Array },
): void {
  for (let i = 0; i < from.length; i++) {
    heads[i] = before.offsets[from[i]];
    next[i] = before.scores[heads[i]] + scores[i];
  }
  for (let place = step.offsets[tag]; place < step.offsets[tag + 1]; place++) {
    let best = -1;
    for (let i = 0; i < from.length; i++) {
      if ((best < 0 || next[i] > next[best]) && heads[i] < before.offsets[from[i] + 1]) best = i;
    }
    step.scores[place] = next[best] + emission;
    step.tags[place] = from[best];
    step.places[place] = heads[best]++;
    next[best] = before.scores[heads[best]] + scores[best];
  }
}

function trace(steps: readonly Step[], last: number, place: number): Int32Array {
  const path = new Int32Array(steps.length);
  let [tag, at] = [last, place];
  for (let t = steps.length - 1; t >= 0; t--) {
    path[t] = tag;
    [tag, at] = [steps[t].tags[at], steps[t].places[at]];
  }
  return path;
}
