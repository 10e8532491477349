/** Runs a suite over both builds of the kernels, and a test over a table of cases. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
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

/** The page that no allocation uses and where the modules keep nothing; its floats become NaN. */
const PAGE = 65_536;
const POISON = 0xff;

/** The names of the suites carry the seed. A machine without relaxed SIMD skips that build. */
export function eachBuild(suite: (under: BuildUnderTest) => void): void {
  for (const build of ['plain', 'relaxed'] as const) {
    const { build: loaded, kernels, heap } = createEngine(build);
    describe.skipIf(loaded !== build)(`${build} build, seed ${seed}`, () => {
      // A pointer of 0 means "none" to some kernels: what is read there by mistake shall be seen, and what is written.
      beforeAll(() => void heap.u8.fill(POISON, 0, PAGE));
      afterAll(() => {
        expect(
          heap.u8.subarray(0, PAGE).every((byte) => byte === POISON),
          'the first page is intact',
        ).toBe(true);
      });
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
