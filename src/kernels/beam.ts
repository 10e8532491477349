/** The selection of a beam search over sequences of tags (Lowerre 1976; for sequence models: Sutskever et al. 2014). */
import { row_max } from './softmax';

/** What is forbidden has a score far below this one. */
const POSSIBLE: f64 = -1e29;

/**
 * Of each of n sentences the `beam` best ways on, where `width` sequences so far may take any of k tags: a sequence with
 * `base` [n × width] (doubles) and the tag's `logits` [n × width × k] has the score base + logit.
 *
 *   scores [n × beam] (doubles), tags and parents [n × beam] (i32): the ways, a parent being a row of `base`
 *
 * Way 0 is the best one of sequence 0, always, so that the greedy sequence is never lost; the others come by falling score,
 * of equal ones the earlier sequence and the smaller tag first. Where there are fewer, −∞.
 */
export function beam_select(
  n: i32, width: i32, beam: i32, k: i32, logits: usize, base: usize, scores: usize, tags: usize, parents: usize,
): void {
  for (let s = 0; s < n; s++) {
    const greedy = first_best(k, logits);
    store<f64>(scores, load<f64>(base) + <f64>load<f32>(logits + ((<usize>greedy) << 2)));
    store<i32>(tags, greedy);
    store<i32>(parents, s * width);
    let filled = 1;
    for (let i = 0; beam > 1 && i < width; i++) {
      const row = logits + ((<usize>(i * k)) << 2);
      const own = load<f64>(base + ((<usize>i) << 3));
      if (!(own + <f64>row_max(k, row) > worst(filled, beam, scores))) continue;
      for (let j = 0; j < k; j++) {
        const score = own + <f64>load<f32>(row + ((<usize>j) << 2));
        if ((i === 0 && j === greedy) || !(score > worst(filled, beam, scores))) continue;
        let at = filled < beam ? filled++ : beam - 1;
        for (; at > 1 && load<f64>(scores + ((<usize>(at - 1)) << 3)) < score; at--) {
          const to = (<usize>at) << 2;
          store<f64>(scores + (to << 1), load<f64>(scores + (to << 1) - 8));
          store<i32>(tags + to, load<i32>(tags + to - 4));
          store<i32>(parents + to, load<i32>(parents + to - 4));
        }
        store<f64>(scores + ((<usize>at) << 3), score);
        store<i32>(tags + ((<usize>at) << 2), j);
        store<i32>(parents + ((<usize>at) << 2), s * width + i);
      }
    }
    for (; filled < beam; filled++) {
      store<f64>(scores + ((<usize>filled) << 3), -Infinity);
      store<i32>(tags + ((<usize>filled) << 2), 0);
      store<i32>(parents + ((<usize>filled) << 2), s * width);
    }
    logits += (<usize>(width * k)) << 2;
    base += (<usize>width) << 3;
    scores += (<usize>beam) << 3;
    tags += (<usize>beam) << 2;
    parents += (<usize>beam) << 2;
  }
}

/** What a way must be better than. */
@inline
function worst(filled: i32, beam: i32, scores: usize): f64 {
  return filled < beam ? POSSIBLE : load<f64>(scores + ((<usize>(beam - 1)) << 3));
}

/** The first of the largest of k floats. */
function first_best(k: i32, x: usize): i32 {
  const best = row_max(k, x);
  let j = 0;
  while (j < k - 1 && load<f32>(x + ((<usize>j) << 2)) !== best) j++;
  return j;
}
