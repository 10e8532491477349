/** What zod finds wrong with a record, as problems at its place and the key in it. */
import type { z } from 'zod';
import type { Place, Problem } from '../../core/errors.js';
import { excerptOf } from './json-records.js';

export function shapeProblems(schema: z.ZodType, value: unknown, place: Place): Problem[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.flatMap(nearestIssues).map((issue) => {
    const { path } = issue;
    const found = valueAt(value, path);
    return {
      ...whatIsWrong(issue, found),
      place: path.length === 0 ? place : { ...place, key: path.join('.') },
      found: found === undefined ? 'nothing' : excerptOf(JSON.stringify(found)),
    };
  });
}

function whatIsWrong(issue: Issue, found: unknown): Pick<Problem, 'message' | 'expected'> {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = issue.expected === 'int' ? 'a whole number' : issue.expected;
      return { message: found === undefined ? 'missing' : 'wrong type', expected };
    }
    case 'too_small':
      return { message: 'too short', expected: `at least ${issue.minimum}` };
    case 'too_big':
      return { message: 'too long', expected: `at most ${issue.maximum}` };
    default:
      return { message: issue.message };
  }
}

type Issue = z.core.$ZodIssue;

/** Of a choice of shapes, the issues of that which the value comes nearest to: whose first fault lies deepest. */
function nearestIssues(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const [nearest] = issue.errors.toSorted((a, b) => depth(b) - depth(a));
  if (!nearest || depth(nearest) === 0) return [issue];
  const within = nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  return within.flatMap(nearestIssues);
}

function depth(issues: readonly Issue[]): number {
  return Math.min(...issues.map(({ path }) => path.length));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}
