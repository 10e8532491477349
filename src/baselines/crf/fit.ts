/** A training, as every member of a team runs it. */
import { type Iteration, lbfgs, SUMS, vectorsOf } from './lbfgs.js';
import { Objective, type ObjectiveSpace, objectiveSpace } from './objective.js';
import type { Problem } from './problem.js';
import { planTeam, Team, type TeamPlan } from './team.js';
import type { Vectors } from './vectors.js';

export interface FitOptions {
  readonly l2: number;
  readonly iterations: number;
  readonly tolerance: number;
}

/** All that a member needs: numbers, and memory that all of them share. */
export interface FitPlan {
  readonly problem: Problem;
  readonly options: FitOptions;
  readonly space: ObjectiveSpace;
  readonly vectors: Vectors;
  readonly team: TeamPlan;
}

/** Iterations over which the loss must have fallen by more than the tolerance, as in CRFsuite. */
const PERIOD = 10;

/** `spin` as in `Meeting`. */
export function planFit(problem: Problem, options: FitOptions, members: number, spin: number): FitPlan {
  const { sentences, bundles, sums, features } = problem.blocks;
  const jobs = Math.max(sentences.length, bundles.length, sums.length, features.length);
  return {
    problem,
    options,
    space: objectiveSpace(problem),
    vectors: vectorsOf(problem),
    team: planTeam(members, spin, jobs, SUMS),
  };
}

/** The weights are in `vectors.x` at the end; before, they are on their way. */
export function* fit(
  { problem, options, space, vectors, team: plan }: FitPlan,
  index: number,
): Generator<Iteration> {
  const team = new Team(plan, index);
  const objective = new Objective(problem, space, options.l2, team);
  const losses: number[] = [];
  for (const iteration of lbfgs(objective, vectors, team)) {
    yield iteration;
    const before = losses[losses.length - PERIOD];
    losses.push(iteration.loss);
    const isFlat = (before - iteration.loss) / iteration.loss < options.tolerance;
    if (iteration.number >= options.iterations || isFlat) return;
  }
}
