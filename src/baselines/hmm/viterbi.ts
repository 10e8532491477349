/** The best sequence of tags where a tag's score depends on the two before it: exact, over pairs of neighbours. */

/** The tags that a word may have, and how well each fits the word. */
export interface Choices {
  readonly tags: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

/** The scores of all tags after a and b, and of the edge; −Infinity for what may not stand there. */
export type After = (a: number, b: number) => ArrayLike<number>;

/**
 * One tag a word, or undefined where every sequence is forbidden. The number `edge` stands before the words twice and after them
 * once.
 */
export function bestTags(words: readonly Choices[], after: After, edge: number): number[] | undefined {
  const edges: Choices = { tags: [edge], scores: [0] };
  const steps = [...words, edges];
  const choicesAt = (i: number) => (i < 0 ? edges : steps[i]);
  // Of the best path that ends in the pair (p, c) of choices: its score, at p · (number of c) + c, and the choice before p.
  let best = new Float64Array(1);
  const before: Int32Array[] = [];
  steps.forEach(({ tags, scores }, i) => {
    const previous = choicesAt(i - 1).tags;
    const first = choicesAt(i - 2).tags;
    const next = new Float64Array(previous.length * tags.length).fill(-Infinity);
    const back = new Int32Array(next.length);
    for (let a = 0; a < first.length; a++) {
      for (let b = 0; b < previous.length; b++) {
        const soFar = best[a * previous.length + b];
        if (soFar === -Infinity) continue;
        const transitions = after(first[a], previous[b]);
        for (let c = 0; c < tags.length; c++) {
          const value = soFar + transitions[tags[c]] + scores[c];
          const at = b * tags.length + c;
          if (value > next[at]) {
            next[at] = value;
            back[at] = a;
          }
        }
      }
    }
    best = next;
    before.push(back);
  });

  let last = 0;
  for (let b = 1; b < best.length; b++) if (best[b] > best[last]) last = b;
  if (best[last] === -Infinity) return undefined;
  const found = new Array<number>(words.length);
  for (let i = words.length, c = 0, b = last; i > 0; i--) {
    found[i - 1] = words[i - 1].tags[b];
    [b, c] = [before[i][b * steps[i].tags.length + c], b];
  }
  return found;
}
