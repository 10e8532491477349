/** Learning rates of groups of parameters: a factor for everything whose dotted name begins with a prefix. */
import { TaggerError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import type { Params } from '../core/params.js';

/** Floats of the parts in which gradients are added up and the optimizer is applied. */
export const PART = 4096;

/** Some floats of the flat block, from `first` on. */
export interface Floats {
  readonly first: number;
  readonly floats: number;
}

/** Floats of the flat block that have the same factor. */
export interface Stretch extends Floats {
  /** 0: they stay as they are, and their gradient does not count. */
  readonly factor: number;
}

/** Plain data, which crosses threads. */
export interface Groups {
  /** Of each table that is tuned. */
  readonly tables: readonly number[];
  /** Of each part of the flat block the stretches in it. */
  readonly parts: readonly (readonly Stretch[])[];
}

/** Throws E_CONFIG with every prefix that no parameter has. */
export function groupsOf(params: Params, rates: Readonly<Record<string, number>>): Groups {
  const tables = params.tables.filter(({ tuned }) => tuned);
  refuseUnknown(
    [...params.dense, ...tables].map(({ name }) => name),
    Object.keys(rates),
  );
  const factorOf = (name: string) => {
    const prefixes = Object.keys(rates).filter((prefix) => beginsWith(name, prefix));
    const longest = prefixes.sort((a, b) => b.length - a.length)[0];
    return longest === undefined ? 1 : rates[longest];
  };
  const ends = params.dense.map((_, i) => params.dense[i + 1]?.offset ?? params.size);
  const stretches: Stretch[] = [];
  params.dense.forEach(({ name, offset }, i) => {
    const factor = factorOf(name);
    const last = stretches.at(-1);
    // Those of one factor are one stretch, so that factors of 1 change nothing.
    if (last?.factor === factor) stretches[stretches.length - 1] = { ...last, floats: ends[i] - last.first };
    else stretches.push({ first: offset, floats: ends[i] - offset, factor });
  });
  return { tables: tables.map(({ name }) => factorOf(name)), parts: cutIntoParts(stretches, params.size) };
}

/** What of each stretch lies in each part of a flat block of so many floats. */
export function cutIntoParts<Of extends Floats>(stretches: readonly Of[], size: number): Of[][] {
  return Array.from({ length: Math.ceil(size / PART) }, (_, part) => {
    const [start, stop] = [part * PART, Math.min((part + 1) * PART, size)];
    return stretches
      .filter(({ first, floats }) => first < stop && first + floats > start)
      .map((stretch) => {
        const first = Math.max(stretch.first, start);
        return { ...stretch, first, floats: Math.min(stretch.first + stretch.floats, stop) - first };
      });
  });
}

/** `encoder` begins `encoder.0.bias`, and not `encoders`. */
function beginsWith(name: string, prefix: string): boolean {
  return name === prefix || name.startsWith(`${prefix}.`);
}

function refuseUnknown(names: readonly string[], prefixes: readonly string[]): void {
  const unknown = prefixes.filter((prefix) => !names.some((name) => beginsWith(name, prefix)));
  if (unknown.length === 0) return;
  const known = new Set(
    names.flatMap((name) => name.split('.').map((_, i, words) => words.slice(0, i + 1).join('.'))),
  );
  throw new TaggerError(
    'E_CONFIG',
    unknown.map((prefix) => ({
      message: 'no parameter that training changes has a name that begins so',
      place: { key: `training.rates.${prefix}` },
      expected: `the beginning of one of ${names.join(', ')}`,
      found: prefix,
      hint: nearest(prefix, [...known]),
    })),
  );
}
