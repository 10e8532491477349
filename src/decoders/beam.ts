/**
 * Beam search over the tags of every sentence of a batch: at each token the best `beam` sequences so far go on, all of them in
 * one step of the decoder. A beam of 1 is greedy.
 *
 * A sequence has the probability Π p(tag | x, tags before), each p the softmax over the tags that may stand there: those that
 * may follow the tag before and from which the end can still be reached. So the probabilities of all allowed sequences sum to
 * 1, and the others have none.
 */
import type { Matrix } from '../core/matrix.js';
import { blank } from '../core/product.js';
import type { Run } from '../core/run.js';
import type { Linear } from '../layers/linear.js';
import type { TagLstm } from './tag-lstm.js';
import type { TagMasks } from './tag-masks.js';

export interface BeamDecoder {
  readonly lstm: TagLstm;
  readonly output: Linear;
  readonly masks: TagMasks;
  readonly k: number;
}

export interface Hypothesis {
  readonly tags: Int32Array;
  /** In nats. */
  readonly logProbability: number;
}

/** Of one token of the sentences that have it: addresses of [sentences × width] tags and parents, i32, and their scores, f64. */
interface Selection {
  readonly sentences: number;
  readonly width: number;
  readonly tags: number;
  readonly parents: number;
  readonly scores: number;
}

/** The sequences of a search, in the working memory of its run. */
export class Beam {
  private readonly selections: readonly Selection[];
  private readonly run: Run;

  constructor(selections: readonly Selection[], run: Run) {
    this.selections = selections;
    this.run = run;
  }

  /** The sequences of sentence s, best first; of equal ones the greedy one first. None where the scores are no numbers. */
  hypotheses(s: number): Hypothesis[] {
    const { last, width, scores } = this.endOf(s);
    return Array.from({ length: width }, (_, i) => i)
      .filter((i) => scores[i] > Number.NEGATIVE_INFINITY)
      .sort((a, b) => scores[b] - scores[a])
      .map((i) => ({ tags: this.trace(s, last, i), logProbability: scores[i] }));
  }

  /** Address of the tags of the best sequences, i32 [N]. */
  best(): number {
    const { arena, batch } = this.run;
    const address = arena.words(batch.tokens);
    const { i32 } = arena.heap;
    for (let s = 0; s < batch.sentences; s++) {
      const { last, width, scores } = this.endOf(s);
      let best = 0;
      for (let i = 1; i < width; i++) if (scores[i] > scores[best]) best = i;
      this.trace(s, last, best).forEach((tag, t) => {
        i32[address / 4 + batch.firstRows[t] + batch.rank[s]] = tag;
      });
    }
    return address;
  }

  private endOf(s: number) {
    const { arena, batch } = this.run;
    let last = 0;
    while (last + 1 < this.selections.length && this.selections[last + 1].sentences > batch.rank[s]) last++;
    const { width, scores } = this.selections[last];
    const from = scores / 8 + batch.rank[s] * width;
    return { last, width, scores: arena.heap.f64.subarray(from, from + width) };
  }

  private trace(s: number, last: number, place: number): Int32Array {
    const { arena, batch } = this.run;
    const { i32 } = arena.heap;
    const tags = new Int32Array(last + 1);
    let row = batch.rank[s] * this.selections[last].width + place;
    for (let t = last; t >= 0; t--) {
      const { tags: from, parents } = this.selections[t];
      tags[t] = i32[from / 4 + row];
      row = i32[parents / 4 + row];
    }
    return tags;
  }
}

/** Searches with z [N × 4H] from `TagLstm.project`, which it leaves as it is. */
export function beamSearch(decoder: BeamDecoder, z: Matrix, beam: number, run: Run): Beam {
  const { lstm, k } = decoder;
  const { firstRows, length } = run.batch;
  const tagSums = lstm.projectTags(run);
  const selections: Selection[] = [];
  let [width, most] = [1, 0];
  const widths = Array.from({ length: length + 1 }, (_, t) => {
    if (t > 0) width = Math.min(beam, width * k);
    if (t < length) most = Math.max(most, width * (firstRows[t + 1] - firstRows[t]));
    return width;
  });
  // Two states in turn, and one for the rows before in the order of those that go on from them.
  const [one, other, before] = [0, 1, 2].map(() => lstm.state(most, run));
  const gates = blank(most, z.cols, run);
  for (let t = 0; t < length; t++) {
    const [sentences, from, to] = [firstRows[t + 1] - firstRows[t], widths[t], widths[t + 1]];
    const rows = sentences * from;
    const [state, last] = t % 2 === 0 ? [one, other] : [other, one];
    const selection = selections[t - 1];
    const tags = tagsBefore(selection, rows, k, run);
    if (selection) takeParents(selection.parents);
    repeatRows(firstRows[t], rows, from);
    lstm.step({ ...gates, rows }, tags, tagSums, selection && before, state, run);
    const [logits] = decoder.output.forward({ ...state.h, rows }, run);
    addMasks(logits, tags, t, from, decoder.masks, run);
    selections.push(select(logits, selection, sentences, from, to, run));

    function takeParents(parents: number): void {
      const { cols } = before.h;
      run.kernels.gather(rows, cols, parents, last.h.address, most, 0, before.h.address, cols);
      run.kernels.gather(rows, cols, parents, last.c, most, 0, before.c, cols);
    }
  }
  return new Beam(selections, run);

  /** Every sequence of a sentence reads the sentence's row. */
  function repeatRows(first: number, rows: number, times: number): void {
    const ids = run.arena.words(rows);
    const { i32 } = run.arena.heap;
    for (let i = 0; i < rows; i++) i32[ids / 4 + i] = first + Math.floor(i / times);
    run.kernels.gather(rows, z.cols, ids, z.address, z.rows, 0, gates.address, z.cols);
  }
}

/** The last tag of every sequence; `start` where there is none. */
function tagsBefore(selection: Selection | undefined, rows: number, start: number, { arena }: Run): number {
  if (selection) return selection.tags;
  const tags = arena.words(rows);
  arena.heap.i32.fill(start, tags / 4, tags / 4 + rows);
  return tags;
}

/** Adds the masks to the logits of token t of every sentence that has one, `width` rows each. */
function addMasks(
  { address, rows, cols }: Matrix,
  tags: number,
  t: number,
  width: number,
  masks: TagMasks,
  { kernels, arena, batch }: Run,
): void {
  const { firstRows, length } = batch;
  const ends = arena.words(rows);
  const { i32 } = arena.heap;
  // Sentences are sorted from long to short.
  let end = length - 1;
  for (let i = 0; i < rows; i++) {
    const sentence = Math.floor(i / width);
    while (firstRows[end + 1] - firstRows[end] <= sentence) end--;
    i32[ends / 4 + i] = masks.endRow(end - t);
  }
  kernels.gather_add(rows, cols, tags, masks.follow, address, cols);
  kernels.gather_add(rows, cols, ends, masks.end, address, cols);
}

/** The best ways on, `to` a sentence. */
function select(
  logits: Matrix,
  before: Selection | undefined,
  sentences: number,
  from: number,
  to: number,
  { kernels, arena }: Run,
): Selection {
  const { rows: n, cols: k, address } = logits;
  const [probabilities, sums, shifts] = [n * k, n, n].map((count) => arena.words(count));
  const [base, scores] = [n, sentences * to].map((count) => arena.allocate(count * 8));
  const [tags, parents] = [0, 1].map(() => arena.words(sentences * to));
  kernels.softmax_rows(n, k, address, probabilities, sums, shifts);
  const { f32, f64 } = arena.heap;
  for (let i = 0; i < n; i++) {
    const own = before ? f64[before.scores / 8 + i] : 0;
    f64[base / 8 + i] = own - Math.log(f32[sums / 4 + i]) - f32[shifts / 4 + i];
  }
  kernels.beam_select(sentences, from, to, k, address, base, scores, tags, parents);
  return { sentences, width: to, tags, parents, scores };
}
