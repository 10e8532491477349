/**
 * L-BFGS (Nocedal 1980; Liu and Nocedal 1989) by a team. The length of a step is found by doubling and bisection until both of
 * Wolfe's conditions hold (Lewis and Overton 2013), so that the curvature along a step is always positive.
 */
import { TaggerError } from '../../core/errors.js';
import { sharedDoubles } from '../../core/shared.js';
import { Directions } from './direction.js';
import { type Evaluation, type Objective, weightsOf } from './objective.js';
import type { Problem } from './problem.js';
import type { Team } from './team.js';
import { advance, arrive, multiply, PRODUCTS, turn, type Vectors } from './vectors.js';

/** Remembered steps: wapiti has 5, CRFsuite 6. */
const MEMORY = 5;
/** Sums of a job, at most. */
export const SUMS = 1 + MEMORY * PRODUCTS;

/** The loss must fall by this share of what the slope promises, and the slope flatten to that share of itself. */
const [FALL, FLATTER] = [1e-4, 0.9];
/** Lengths that are tried. */
const TRIALS = 20;

/** Vectors of weights in shared memory. */
export function vectorsOf(problem: Problem): Vectors {
  const vector = () => sharedDoubles(weightsOf(problem));
  const several = () => Array.from({ length: MEMORY }, vector);
  return {
    x: vector(),
    gradient: vector(),
    from: vector(),
    gradientFrom: vector(),
    direction: vector(),
    steps: several(),
    changes: several(),
  };
}

export interface Iteration {
  readonly number: number;
  readonly loss: number;
  /** Of the gradient. */
  readonly norm: number;
  /** Times that loss and gradient were worked out. */
  readonly trials: number;
}

/**
 * Iterations, each when its step is done; over where no step lowers the loss any more. x begins as it is. Throws E_TRAINING where
 * the loss is no number at the beginning.
 */
export function* lbfgs(objective: Objective, vectors: Vectors, team: Team): Generator<Iteration> {
  const { x, direction, gradient } = vectors;
  const jobs = objective.vectorJobs;
  const part = (job: number) => objective.vectorPart(job);
  const directions = new Directions(MEMORY);

  let { loss } = objective.evaluate(x, direction, gradient);
  if (!Number.isFinite(loss)) throw notFinite(loss);
  let slope = descend();
  for (let number = 1; slope < 0; number++) {
    const found = search(number === 1 ? 1 / Math.sqrt(-slope) : 1);
    if (!found) break;
    loss = found.loss;
    const sums = remember(found.step);
    yield { number, loss, norm: Math.sqrt(sums[0]), trials: found.trials };
    const combination = directions.combine({ values: sums.subarray(1), width: PRODUCTS });
    [slope] = team.sum(jobs, 1, (job, terms, at) => {
      terms[at] = turn(vectors, combination, part(job));
    });
  }
  // What was tried last is not what was found.
  team.together(jobs, (job) => advance(vectors, 0, part(job)));

  /** Straight down, for the first step. */
  function descend(): number {
    const [slope] = team.sum(jobs, 1, (job, terms, at) => {
      const [first, end] = part(job);
      vectors.from.set(x.subarray(first, end), first);
      vectors.gradientFrom.set(gradient.subarray(first, end), first);
      terms[at] = turn(vectors, { slots: [], g: 1, s: direction, y: direction }, part(job));
    });
    return slope;
  }

  function search(first: number): (Evaluation & { step: number; trials: number }) | undefined {
    let [low, high, step] = [0, Number.POSITIVE_INFINITY, first];
    for (let trials = 1; trials <= TRIALS; trials++) {
      const length = step;
      team.together(jobs, (job) => advance(vectors, length, part(job)));
      const found = objective.evaluate(x, direction, gradient);
      // A loss that is no number is too high as well.
      if (!(found.loss <= loss + FALL * step * slope)) high = step;
      else if (found.slope < FLATTER * slope) low = step;
      else return { ...found, step, trials };
      step = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low;
    }
    return undefined;
  }

  /** The square of the gradient, and the products of the newest step with each remembered one. */
  function remember(step: number): Float64Array {
    const newest = directions.nextSlot();
    const slots = directions.remembered;
    return team.sum(jobs, 1 + slots.length * PRODUCTS, (job, terms, at) => {
      terms[at] = arrive(vectors, step, newest, part(job));
      slots.forEach((slot, i) => {
        multiply(vectors, newest, slot, part(job), terms, at + 1 + i * PRODUCTS);
      });
    });
  }
}

function notFinite(loss: number): TaggerError {
  return new TaggerError('E_TRAINING', {
    message: 'the loss of the CRF is no number',
    expected: 'tags that may follow each other in their scheme',
    found: String(loss),
  });
}
