/**
 * The LSTM decoder over a stream: greedy, whatever the beam. With a lag of 0 a tag is given at once, and a sentence may end where
 * its last tag should go on; otherwise the newest token waits until it is known whether another follows, and tags are those of the
 * greedy search over the whole sentence.
 */
import { matrix } from '../core/matrix.js';
import type { Run } from '../core/run.js';
import type { BeamDecoder } from './beam.js';
import type { OnlineDecoder } from './online.js';
import type { LstmState } from './tag-lstm.js';

/** More tokens than make a difference to what may stand. */
const MANY = 1 << 20;

interface Memory {
  /** Output and cells after the last tag. */
  readonly h: Float32Array;
  readonly c: Float32Array;
}

export function onlineLstm({ lstm, output, masks, k }: BeamDecoder): (lag: number) => OnlineDecoder {
  return (lag) => {
    let memory: Memory | undefined;
    let before = k;
    let waiting: Float32Array | undefined;
    let last: Run | undefined;

    /** The best tag of the next token, with so many behind it. */
    function next(values: Float32Array, left: number, run: Run): number {
      const { kernels, arena } = run;
      const x = matrix(arena.place(values), 1, values.length);
      const tags = arena.words(1);
      arena.heap.i32[tags / 4] = before;
      const to = lstm.state(1, run);
      lstm.step(lstm.project(x, run), tags, lstm.projectTags(run), memory && placed(memory, run), to, run);
      const [{ address }] = output.forward(to.h, run);
      kernels.add(k, masks.follow + before * k * 4, address);
      kernels.add(k, masks.end + masks.endRow(left) * k * 4, address);
      const { f32 } = arena.heap;
      memory = { h: taken(to.h.address, to.h.cols, run), c: taken(to.c, to.h.cols, run) };
      before = 0;
      for (let j = 1; j < k; j++) if (f32[address / 4 + j] > f32[address / 4 + before]) before = j;
      return before;
    }

    return {
      push(x, run) {
        const values = taken(x.address, x.cols, run);
        if (lag === 0) return [next(values, MANY, run)];
        const settled = waiting ? [next(waiting, MANY, run)] : [];
        waiting = values;
        last = run;
        return settled;
      },

      end() {
        const settled = waiting && last ? [next(waiting, 0, last)] : [];
        waiting = undefined;
        memory = undefined;
        before = k;
        return settled;
      },
    };
  };
}

const taken = (address: number, n: number, { arena }: Run): Float32Array =>
  arena.heap.f32.slice(address / 4, address / 4 + n);

/** What a step needs of the state before: not the tanh of the cells. */
function placed({ h, c }: Memory, { arena }: Run): LstmState {
  return { h: matrix(arena.place(h), 1, h.length), c: arena.place(c), s: 0 };
}
