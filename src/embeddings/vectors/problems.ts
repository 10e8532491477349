/**
 * What can be wrong with a file of vectors, in the same words for every kind of file. Problems are collected and raised
 * together, so that one run shows them all.
 */

import { listedProblems, type Place, type Problem, TaggerError } from '../../core/errors.js';
import { halfOverflow } from '../../core/half.js';

export interface Problems {
  /** Notes a problem; throws when as many are noted as are ever listed, since reading on would tell no more. */
  add(problem: Problem, where: Place): void;
  /** Throws if there is any. */
  raise(): void;
}

export function createProblems(file: string): Problems {
  const noted: Problem[] = [];
  function raise(): void {
    if (noted.length > 0) throw new TaggerError('E_VECTORS', noted);
  }
  return {
    add(problem, where) {
      noted.push({ ...problem, place: { file, ...where } });
      if (noted.length === listedProblems) raise();
    },
    raise,
  };
}

/** Something wrong in a row and the byte where. */
export interface Fault {
  readonly problem: Problem;
  readonly at: number;
}

export function wrongWidth(dim: number, found: number): Problem {
  return {
    message: 'this row has the wrong width',
    expected: `a word and ${dim} ${dim === 1 ? 'number' : 'numbers'}`,
    found: `${found} ${found === 1 ? 'number' : 'numbers'}`,
  };
}

export function unusableNumber(found: string): Problem {
  const expected = `a finite number below ${halfOverflow} in magnitude`;
  return { message: 'this number cannot be used', expected, found };
}
