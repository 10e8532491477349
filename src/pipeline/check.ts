/** Checks a source against a zod schema; what zod finds wrong becomes problems that a user can act on. */
import { z } from 'zod';
import type { Problem } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import { describe, type JsonSchema, keysOf, listOf, pathsTo, schemaAt } from './expectation.js';
import { isMapping, type Source, valueAt } from './source.js';

export type Checked<T> =
  | { readonly value: T; readonly problems: [] }
  | { readonly value?: undefined; readonly problems: Problem[] };

export function check<S extends z.ZodType>(schema: S, source: Source): Checked<z.infer<S>> {
  const result = schema.safeParse(source.value);
  if (result.success) return { value: result.data, problems: [] };
  const expectations = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, source, expectations));
  return { problems: problems.sort(inOrderOfTheFile) };
}

function inOrderOfTheFile({ place: a = {} }: Problem, { place: b = {} }: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function problemsOf(issue: z.core.$ZodIssue, source: Source, expectations: JsonSchema): Problem[] {
  // Configs have no symbols for keys.
  const path = issue.path as (string | number)[];
  const expectation = schemaAt(expectations, path, source.value) ?? {};
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(expectation);
    return issue.keys.map((key) => {
      const elsewhere = pathsTo(key, expectations)[0];
      const similar = nearest(key, known);
      // At the top, `rate` has forgotten its stage and is no misspelt `name`.
      const hint = path.length === 0 ? (elsewhere ?? similar) : (similar ?? elsewhere);
      const place = source.place([...path, key], 'key');
      return { message: 'unknown key', place, expected: listOf(known), found: key, hint };
    });
  }
  const value = valueAt(source.value, path);
  const choices = choicesOf(issue);
  const place = source.place(path, 'value');
  const expected = choices ? listOf(choices) : describe(expectation);
  // Our own refinements are about what is there, even where they point to a key that is not.
  if (value === undefined)
    return [{ message: issue.code === 'custom' ? issue.message : 'missing', place, expected }];
  const hint = choices && typeof value === 'string' ? nearest(value, choices) : undefined;
  return [{ message: messageOf(issue), place, expected, found: show(value), hint }];
}

/** The words that an issue would have accepted, where there are such. */
function choicesOf(issue: z.core.$ZodIssue): string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union' && 'options' in issue) return issue.options?.map(String);
  return undefined;
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return 'unknown value';
    case 'invalid_union':
      return issue.discriminator ? `unknown ${issue.discriminator}` : 'wrong value';
    case 'invalid_type':
      return issue.expected === 'int' ? 'not a whole number' : 'wrong type';
    case 'too_small':
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int' ? 'out of range' : 'wrong length';
    default:
      // The texts of our own refinements, such as "must be odd".
      return issue.message;
  }
}

/** A value as it would stand in the config, long ones cut. */
function show(value: unknown): string {
  if (value === null) return 'nothing';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = JSON.stringify(value);
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  if (Array.isArray(value)) return `${short}, a list`;
  return isMapping(value) ? `${short}, a mapping` : short;
}
