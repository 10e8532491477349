/**
 * The best path through scores of tags and of neighbours: exact, of first order. `transitions` is [k + 1, k + 1] from row to
 * column, its last row before the first token and its last column after the last one; −Infinity where a tag may not stand.
 */
export function bestPath(scores: Float64Array, n: number, k: number, transitions: Float32Array): Int32Array {
  const path = new Int32Array(n);
  if (n === 0) return path;
  const width = k + 1;
  const back = new Int32Array(n * k);
  let best = new Float64Array(k);
  let next = new Float64Array(k);
  for (let tag = 0; tag < k; tag++) best[tag] = transitions[k * width + tag] + scores[tag];
  for (let i = 1; i < n; i++) {
    next.fill(-Infinity);
    for (let from = 0; from < k; from++) {
      const soFar = best[from];
      const row = from * width;
      for (let tag = 0; tag < k; tag++) {
        const value = soFar + transitions[row + tag];
        if (value > next[tag]) {
          next[tag] = value;
          back[i * k + tag] = from;
        }
      }
    }
    for (let tag = 0; tag < k; tag++) next[tag] += scores[i * k + tag];
    [best, next] = [next, best];
  }
  let last = 0;
  const total = (tag: number) => best[tag] + transitions[tag * width + k];
  for (let tag = 1; tag < k; tag++) if (total(tag) > total(last)) last = tag;
  for (let i = n - 1; i >= 0; i--) {
    path[i] = last;
    last = back[i * k + last];
  }
  return path;
}
