/** `--set training.epochs=5`: values from the command line laid over a config. */
import { parse } from 'yaml';
import type { Problem } from '../core/errors.js';
import { child, formatPath, isMapping, isPrefix, type Path, type Source } from './source.js';

interface Override {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * Lays `key=value` settings over a source, in order; the value is read as YAML, `[0]` and `.0` are list indices.
 * Settings that cannot be laid are left out and returned as problems.
 */
export function override(
  source: Source,
  settings: readonly string[],
): { source: Source; problems: Problem[] } {
  const laid: Path[] = [];
  const problems: Problem[] = [];
  let { value } = source;
  for (const setting of settings) {
    const parsed = parseSetting(setting);
    const problem = 'message' in parsed ? parsed : refusal(value, parsed.path);
    if (problem) {
      problems.push(problem);
    } else {
      const { path, value: to } = parsed as Override;
      value = withValue(value, path, to);
      laid.push(path);
    }
  }
  const place: Source['place'] = (path, part) => {
    // A key that only `--set` brought into being has its place there, and so has all below a key that it set.
    const isLaid = laid.some(
      (set) => isPrefix(set, path) || (isPrefix(path, set) && !isIn(source.value, path)),
    );
    return isLaid ? { file: '--set', key: formatPath(path) } : source.place(path, part);
  };
  return { source: { value, place }, problems };
}

function parseSetting(setting: string): Override | Problem {
  const equals = setting.indexOf('=');
  const keys = setting
    .slice(0, Math.max(equals, 0))
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.');
  if (!keys.every((key) => /^(\d+|[a-z][\w-]*)$/i.test(key))) {
    const expected = 'key=value, such as training.epochs=5 or embeddings.0.dim=50';
    return { message: 'not a setting', place: { file: '--set' }, expected, found: setting };
  }
  const place = { file: '--set', key: keys.join('.') };
  const text = setting.slice(equals + 1);
  try {
    return { path: keys, value: parse(text, { prettyErrors: false, logLevel: 'error' }) };
  } catch (error) {
    return { message: `not YAML: ${(error as Error).message}`, place, found: text };
  }
}

/** Why a path cannot be set in a config: it leads through a value that holds none, or past the end of a list. */
function refusal(root: unknown, path: Path): Problem | undefined {
  let value = root;
  for (const [depth, key] of path.entries()) {
    const place = { file: '--set', key: formatPath(path) };
    const around = formatPath(path.slice(0, depth));
    if (Array.isArray(value)) {
      const indices = value.length === 0 ? '0' : `an index from 0 to ${value.length}`;
      const expected = `${around}.N with ${indices} (${value.length} appends)`;
      if (!(Number(key) <= value.length)) return { message: 'no such place in the list', place, expected };
    } else if (value !== undefined && !isMapping(value)) {
      return { message: `${around || 'the config'} has no keys`, place, found: JSON.stringify(value) };
    }
    value = child(value, key);
  }
  return undefined;
}

/** A copy of the config with the value at the path. */
function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inner = withValue(child(root, key), rest, value);
  if (!Array.isArray(root)) return { ...(root as object), [key]: inner };
  const copy = [...root];
  copy[Number(key)] = inner;
  return copy;
}

function isIn(root: unknown, path: Path): boolean {
  const parent = path.slice(0, -1).reduce(child, root);
  return child(parent, path.at(-1) ?? '') !== undefined;
}
