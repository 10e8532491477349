import { describe, expect, it } from 'vitest';
import { factorOf, type ScheduleOptions, scheduleKinds } from '../../src/training/schedules.js';
import { combine, seed, seeded } from '../support/arrays.js';
import { schedule } from '../support/method.js';

/** The factors of a whole training; `scores` are those of its epochs, as many as there are. */
function factors(options: ScheduleOptions, scores: readonly number[], stepsOfEpoch = 1): number[] {
  const steps = scores.length * stepsOfEpoch;
  return Array.from({ length: steps }, (_, step) => {
    const epoch = Math.floor(step / stepsOfEpoch);
    return factorOf(options, { step, steps, epoch, scores: scores.slice(0, epoch) });
  });
}

/** Scores of so many epochs, for schedules that do not look at them. */
const epochs = (count: number) => Array.from({ length: count }, () => 0);

const expectFactors = (found: readonly number[], expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  found.forEach((factor, i) => {
    expect(factor, `step ${i}`).toBeCloseTo(expected[i], 12);
  });
};

describe('learning-rate schedules', () => {
  it('constant stays 1', () => {
    expect(factors(schedule('constant'), [3, 1, 2], 2)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('inverse-time is 1 / (1 + decay · epoch), from epoch 0, the same for all steps of an epoch', () => {
    const options = schedule('inverse-time', { decay: 0.5 });
    expect(factors(options, [3, 1, 2], 2)).toEqual([1, 1, 1 / 1.5, 1 / 1.5, 1 / 2, 1 / 2]);
  });

  it('step multiplies after every so many epochs', () => {
    const options = schedule('step', { factor: 0.1, every: 2 });
    expectFactors(factors(options, epochs(5), 2), [1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01]);
  });

  it('plateau multiplies after so many epochs without a better score, and counts anew', () => {
    const options = schedule('plateau', { factor: 0.5, patience: 2 });
    expect(factors(options, [1, 2, 2, 2, 1, 1, 3, 1, 1, 0])).toEqual([
      1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125,
    ]);
  });

  it('plateau takes an equal score for none better', () => {
    const options = schedule('plateau', { factor: 0.1, patience: 1 });
    expect(factors(options, [1, 1, 0])).toEqual([1, 1, 0.1]);
  });

  it('linear rises in the first tenth of the steps and falls in a straight line to 0 behind the last', () => {
    const rise = [0.5, 1];
    const fall = Array.from({ length: 18 }, (_, i) => 1 - i / 18);
    expectFactors(factors(schedule('linear'), epochs(4), 5), [...rise, ...fall]);
    expectFactors(factors(schedule('linear', { warmup: 0 }), epochs(4)), [1, 0.75, 0.5, 0.25]);
  });

  it('cosine falls along half a wave to the floor', () => {
    const half = Math.SQRT1_2;
    const expected = [1, (1 + half) / 2, 1 / 2, (1 - half) / 2];
    expectFactors(factors(schedule('cosine'), epochs(4)), expected);
    expectFactors(
      factors(schedule('cosine', { floor: 0.2 }), epochs(2), 2),
      expected.map((factor) => 0.2 + 0.8 * factor),
    );
  });

  it('one-cycle rises along half a wave from its start, and falls along another to its floor', () => {
    const options = schedule('one-cycle', { start: 0.1, floor: 0.01, warmup: 0.4 });
    const half = Math.SQRT1_2;
    const rise = [(1 - half) / 2, 1 / 2, (1 + half) / 2, 1].map((share) => 0.1 + 0.9 * share);
    const fall = [0, 1, 2, 3, 4, 5].map((i) => 0.01 + (0.99 * (1 + Math.cos((Math.PI * i) / 6))) / 2);
    expectFactors(factors(options, epochs(5), 2), [...rise, ...fall]);
  });
});

const kinds = Object.keys(scheduleKinds) as (keyof typeof scheduleKinds)[];

describe(`every schedule, seed ${seed}`, () => {
  const random = seeded();
  const scores = Array.from({ length: 12 }, () => random.uniform());

  it.each(kinds)('%s begins with a warm-up of so many steps, or of a share of all', (kind) => {
    const found = factors(schedule(kind, { warmup: 24 }), scores, 10);
    expect(factors(schedule(kind, { warmup: 0.2 }), scores, 10)).toEqual(found);
    const without = kind === 'one-cycle' ? undefined : factors(schedule(kind, { warmup: 0 }), scores, 10);
    for (let step = 0; step < 24; step++) {
      if (step % 10 > 0) expect(found[step], `step ${step}`).toBeGreaterThan(found[step - 1]);
      // Schedules that look at all that is planned begin behind the warm-up.
      if (without && !['linear', 'cosine'].includes(kind))
        expect(found[step]).toBeCloseTo((without[step] * (step + 1)) / 24, 12);
    }
    if (without && !['linear', 'cosine'].includes(kind)) expect(found.slice(24)).toEqual(without.slice(24));
    else expect(found[24]).toBe(1);
  });

  it.each(kinds)('%s never leaves 0 to 1, however long its warm-up and the training', (kind) => {
    for (const { warmup, stepsOfEpoch } of combine({
      warmup: [0, 0.01, 0.5, 0.999, 1, 7, 1000],
      stepsOfEpoch: [1, 3, 40],
    })) {
      for (const factor of factors(schedule(kind, { warmup }), scores, stepsOfEpoch)) {
        expect(factor).toBeGreaterThan(0);
        expect(factor).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each(kinds)('%s goes on where a training has more steps than were planned', (kind) => {
    const moment = { step: 50, steps: 20, epoch: scores.length, scores };
    const factor = factorOf(schedule(kind), moment);
    expect(factor).toBeGreaterThanOrEqual(0);
    expect(factor).toBeLessThanOrEqual(1);
  });
});
