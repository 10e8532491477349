/** A training that is interrupted and taken up again ends as if it had not been, to the byte. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TaggerError } from '../../dist/core/errors.js';
import type { TrainingState } from '../../dist/training/loop.js';
import type { Workplace } from '../../dist/training/workplace.js';
import { seed, seeded } from '../support/arrays.js';
import { type CrewOutcome, type CrewWishes, engine, trainCrew } from '../support/crews.js';
import { methods, optimizer, schedule } from '../support/method.js';

/** 24 steps an epoch; a schedule and a patience that depend on the scores of the epochs before. */
const wishes: CrewWishes = {
  copies: 4,
  epochs: 5,
  dropout: 0.3,
  optimizer: optimizer('adamw', { rate: 0.1 }),
  schedule: schedule('plateau', { patience: 1 }),
};

type State = TrainingState<number>;
const never = Number.POSITIVE_INFINITY;

/** What must come out the same. */
const essence = ({ weights, result: { reason, epochs, bestEpoch } }: CrewOutcome) => ({
  weights,
  reason,
  epochs,
  bestEpoch,
});

function withoutTimes(epochs: State['progress']['epochs']): CrewOutcome['epochs'] {
  return epochs.map(({ seconds, tokensPerSecond, ...others }) => others);
}

/** A state as it comes back from a file. */
const reread = (state: State): State => ({
  ...structuredClone(state),
  progress: JSON.parse(JSON.stringify(state.progress)),
});

function digestOf({
  progress,
  parameters,
  optimizer,
  average = new Map(),
  states = new Map(),
  best = new Map(),
}: State): string {
  const hash = createHash('sha256').update(JSON.stringify(progress));
  for (const blocks of [parameters, optimizer, average, states, best]) {
    for (const [name, values] of blocks) hash.update(name).update(values);
  }
  return hash.digest('hex');
}

/** Aborts after so many steps: exactly in this thread, soon after in others, whose steps are only seen from here. */
function abortAfter(steps: number, threads?: number) {
  const controller = new AbortController();
  const watch = ({ board, plan }: Workplace) => {
    const before = board.totals.steps;
    if (threads === undefined) {
      const add = board.addStep.bind(board);
      let left = steps;
      board.addStep = (norm) => {
        add(norm);
        if (--left === 0) controller.abort();
      };
      return;
    }
    let [seen, last] = [0, before];
    const look = () => {
      const now = board.totals.steps;
      seen += now >= last ? now - last : now;
      last = now;
      if (seen >= steps) controller.abort();
      else if (plan.steps > 0) setImmediate(look);
    };
    look();
  };
  return { signal: controller.signal, watch };
}

/** Trains in pieces of so many steps; `threads` of each piece. */
async function inPieces(
  pieces: Iterable<readonly [steps: number, threads?: number]>,
  own: CrewWishes = wishes,
) {
  let from: State | undefined;
  const stops: string[] = [];
  for (const [steps, threads] of pieces) {
    let saved: State | undefined;
    const save = async (state: State) => {
      saved = reread(state);
    };
    const { signal, watch } = abortAfter(steps, threads);
    const outcome = await trainCrew({
      ...own,
      threads,
      signal,
      watch,
      checkpoints: { minutes: never, save, from },
    });
    expect(outcome.warnings).toEqual([]);
    const earlier = withoutTimes(from?.progress.epochs ?? []);
    if (outcome.result.reason !== 'interrupted')
      return { outcome, history: [...earlier, ...outcome.epochs], stops };
    from = saved;
    expect(withoutTimes(from!.progress.epochs)).toEqual([...earlier, ...outcome.epochs]);
    stops.push(`${from!.progress.epoch}/${from!.progress.totals.steps}`);
  }
  throw new Error('the pieces are too few');
}

describe(`a training in pieces, seed ${seed}`, () => {
  it('ends as in one, wherever it stopped', async () => {
    const whole = await trainCrew(wishes);
    expect(
      new Set(whole.epochs.map(({ rate }) => rate)).size,
      'the schedule changes the rate',
    ).toBeGreaterThan(1);
    const random = seeded();
    const edges = [1, 23, 24, 1, 24, 23, 24];
    const trainings = [
      edges,
      ...[2, 3, 4].map(() => Array.from({ length: 90 }, () => 1 + random.below(30))),
      Array.from({ length: 5 * 24 }, () => 1),
    ];
    for (const [i, pieces] of trainings.entries()) {
      const { outcome, history, stops } = await inPieces([...pieces, 1000].map((steps) => [steps]));
      expect(essence(outcome), stops.join()).toEqual(essence(whole));
      expect(history).toEqual(whole.epochs);
      if (i === 0) expect(stops).toEqual(['1/1', '1/24', '2/24', '3/1', '4/1', '4/24', '5/24']);
    }
    expect(engine.heap.used).toBe(0);
  });

  it('may have another number of threads in each', async () => {
    const whole = await trainCrew(wishes);
    const random = seeded(1);
    const threads = [2, undefined, 3, 1];
    const pieces = Array.from({ length: 90 }, (_, i) => [5 + random.below(20), threads[i % 4]] as const);
    const { outcome, history, stops } = await inPieces(pieces);
    expect(essence(outcome), stops.join()).toEqual(essence(whole));
    expect(history).toEqual(whole.epochs);
    expect(engine.heap.used).toBe(0);
  });

  it.each(Object.keys(methods))('ends as in one: %s', async (name) => {
    const own = { ...wishes, ...methods[name] };
    const whole = await trainCrew(own);
    const random = seeded(2);
    for (const pieces of [
      [1, 23, 24, 1, 24, 23, 24],
      Array.from({ length: 90 }, () => 1 + random.below(30)),
      Array.from({ length: 5 * 24 }, () => 1),
    ]) {
      const { outcome, history, stops } = await inPieces(
        [...pieces, 1000].map((steps) => [steps]),
        own,
      );
      expect(essence(outcome), stops.join()).toEqual(essence(whole));
      expect(history).toEqual(whole.epochs);
    }
    expect(engine.heap.used).toBe(0);
  });

  it('draws the same tags where a decoder learns from its own, by the steps of the whole training', async () => {
    const sampling = { kind: 'inverse-sigmoid', k: 20 };
    const of: CrewWishes = {
      ...wishes,
      copies: 2,
      epochs: 3,
      decoder: { kind: 'lstm', units: 8, sampling } as { kind: 'lstm' },
    };
    const whole = await trainCrew(of);
    const random = seeded(3);
    const pieces = Array.from({ length: 10 }, (_, i) => [1 + random.below(12), i % 3 || undefined] as const);
    const { outcome, history, stops } = await inPieces([...pieces, [1000]], of);
    expect(stops.length).toBeGreaterThan(2);
    expect(essence(outcome), stops.join()).toEqual(essence(whole));
    expect(history).toEqual(whole.epochs);
    const forced = await trainCrew({ ...of, decoder: { kind: 'lstm', units: 8 } as { kind: 'lstm' } });
    expect(forced.weights).not.toBe(whole.weights);
  });

  it('goes on in the midst of documents, with what their windows carry on', async () => {
    const documents = Array.from({ length: 30 }, () => 4);
    const own: CrewWishes = { ...wishes, documents, tbptt: 3, epochs: 2 };
    const whole = await trainCrew(own);
    const pieces = [1, 5, 7, 2, 9, 4, 30, 3, 1000].map((steps, i) => [steps, i % 3 || undefined] as const);
    const { outcome, history, stops } = await inPieces(pieces, own);
    expect(stops.length).toBeGreaterThan(4);
    expect(essence(outcome), stops.join()).toEqual(essence(whole));
    expect(history).toEqual(whole.epochs);

    let saved: State | undefined;
    const save = async (state: State) => {
      saved = reread(state);
    };
    await trainCrew({ ...own, ...abortAfter(3), checkpoints: { minutes: never, save } });
    const lanes = saved!.states!.get('lanes')!;
    expect(lanes.some((value) => value !== 0)).toBe(true);
    const forgotten = { ...saved!, states: new Map([['lanes', new Float32Array(lanes.length)]]) };
    const other = await trainCrew({ ...own, checkpoints: { minutes: never, save, from: forgotten } });
    expect(other.weights).not.toBe(whole.weights);
    expect(engine.heap.used).toBe(0);
  });

  it('goes on after a budget of epochs', async () => {
    const whole = await trainCrew(wishes);
    let from: State | undefined;
    const save = async (state: State) => {
      from = reread(state);
    };
    const checkpoints = () => ({ minutes: never, save, from });
    for (const budget of [1, 3, 2]) {
      const { result } = await trainCrew({ ...wishes, budget, checkpoints: checkpoints() });
      expect(result).toMatchObject({
        reason: 'budget',
        epochs: Math.max(budget, from!.progress.values.length),
      });
    }
    const last = await trainCrew({ ...wishes, checkpoints: checkpoints() });
    expect(essence(last)).toEqual(essence(whole));
    const { weights, result } = await trainCrew({ ...wishes, checkpoints: checkpoints() });
    expect({ weights, result }).toMatchObject({
      weights: whole.weights,
      result: { reason: 'epochs', epochs: 5 },
    });
  });
});

describe(`what is saved, seed ${seed}`, () => {
  /** A crew of two and checkpoints at every look of the main thread, ten a second. */
  const long: CrewWishes = { ...wishes, copies: 20, epochs: 2, units: 100, layers: 2, threads: 2 };

  it('does not change while training goes on, and is good in the midst of an epoch', async () => {
    const states: State[] = [];
    const digests: string[] = [];
    const save = async (state: State) => {
      states.push(state);
      digests.push(digestOf(state));
    };
    const whole = await trainCrew({ ...long, checkpoints: { minutes: 1e-9, save } });
    expect(states.map(digestOf)).toEqual(digests);
    const inside = states.filter(({ progress }) => progress.totals.steps > 0);
    expect(inside.length).toBeGreaterThan(0);
    const from = reread(inside[seeded(2).below(inside.length)]);
    const again = await trainCrew({ ...long, checkpoints: { minutes: never, save, from } });
    expect(essence(again)).toEqual(essence(whole));
  });

  it('where it cannot be written is a warning, and training goes on to the same bytes', async () => {
    const whole = await trainCrew(wishes);
    let saves = 0;
    const save = async () => {
      if (++saves % 2)
        throw new TaggerError('E_WRITE', { message: 'cannot save the checkpoint', found: 'ENOSPC' });
    };
    for (const threads of [undefined, 2]) {
      saves = 0;
      const outcome = await trainCrew({ ...wishes, threads, checkpoints: { minutes: never, save } });
      expect(essence(outcome)).toEqual(essence(whole));
      expect(saves).toBe(5);
      expect(outcome.warnings).toEqual(
        [1, 3, 5].map(() => 'no checkpoint: cannot save the checkpoint\n  found: ENOSPC'),
      );
    }
  });

  it('where saving has a fault ends training with it', async () => {
    const save = () => Promise.reject(new Error('a fault of the test'));
    await expect(trainCrew({ ...wishes, checkpoints: { minutes: never, save } })).rejects.toThrow(
      'a fault of the test',
    );
    expect(engine.heap.used).toBe(0);
  });
});
