/** Runs a suite over both builds of the kernels, and a test over a table of cases. */
import { describe } from 'vitest';
import { createEngine } from '../../src/core/engine.js';
import type { Build, Kernels } from '../../src/core/kernels.js';
import { seed } from './arrays.js';
import { GuardedMemory } from './memory.js';

export interface BuildUnderTest {
  readonly build: Build;
  readonly kernels: Kernels;
  /** Runs `body` on every case in guarded memory of its own; a failure names the case. */
  check<Case>(cases: readonly Case[], body: (one: Case, memory: GuardedMemory) => void): void;
}

/** The names of the suites carry the seed. A machine without relaxed SIMD skips that build. */
export function eachBuild(suite: (under: BuildUnderTest) => void): void {
  for (const build of ['plain', 'relaxed'] as const) {
    const { build: loaded, kernels, heap } = createEngine(build);
    describe.skipIf(loaded !== build)(`${build} build, seed ${seed}`, () => {
      suite({
        build,
        kernels,
        check: (cases, body) => {
          for (const one of cases) inCase(one, new GuardedMemory(heap), body);
        },
      });
    });
  }
}

function inCase<Case>(
  one: Case,
  memory: GuardedMemory,
  body: (one: Case, memory: GuardedMemory) => void,
): void {
  try {
    body(one, memory);
    memory.verify();
  } catch (error) {
    if (error instanceof Error) error.message = `${JSON.stringify(one)}: ${error.message}`;
    throw error;
  } finally {
    memory.release();
  }
}
