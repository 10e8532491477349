/**
 * A config as data together with the place of every key and value in it, so that whoever checks the data
 * can say where it is wrong without knowing whether it came from YAML, from `--set` or from a model.
 */
import type { Place } from '../core/errors.js';

/** Keys and list indices from the top of a config to a value in it. */
export type Path = readonly (string | number)[];

export interface Source {
  readonly value: unknown;
  /** Where a key or its value stands; for one that is not there, where the nearest thing around it stands. */
  readonly place: (path: Path, part: 'key' | 'value') => Place;
}

/** As users write it in `--set` and read it in messages: `embeddings.0.dim`. */
export const formatPath = (path: Path): string => path.join('.');

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value under a key or index, if the container has it of its own. */
export function child(container: unknown, key: string | number): unknown {
  const holds = typeof container === 'object' && container !== null && Object.hasOwn(container, key);
  return holds ? (container as Record<string | number, unknown>)[key] : undefined;
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce(child, value);
}

export function isPrefix(prefix: Path, path: Path): boolean {
  return prefix.length <= path.length && prefix.every((key, i) => String(key) === String(path[i]));
}
