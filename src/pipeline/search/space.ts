/** The section `search` of a pipeline: what is varied, and how a value is drawn. */
import { parse } from 'yaml';
import { z } from 'zod';
import type { Random } from '../../core/random.js';
import { isMapping } from '../source.js';

const bounds = (number: z.ZodNumber) => z.array(number).length(2);

const rangeSchema = z
  .strictObject({
    /** Any values, each as likely as the others; `[1, 2]` is short for it. */
    values: z.array(z.unknown()).min(1).optional(),
    /** Lowest and highest, uniform on a logarithmic scale. */
    log: bounds(z.number().positive()).optional(),
    /** Lowest and highest, uniform. */
    range: bounds(z.number()).optional(),
    /** Distance of the values, which begin at the lowest. */
    step: z.number().positive().optional(),
  })
  .superRefine((range, context) => {
    const issue = (message: string, path: string[]) => context.addIssue({ code: 'custom', message, path });
    const present = formNames.filter((name) => range[name]);
    if (present.length !== 1) issue('needs one of values, log and range', present.slice(1, 2));
    if (range.values && range.step !== undefined) issue('a list has no step', ['step']);
    for (const name of ['log', 'range'] as const) {
      const [low, high] = range[name] ?? [0, 1];
      if (low >= high) issue('the first bound must be below the second', [name]);
    }
  });

export const searchSchema = z
  .strictObject({
    /** Random settings to begin with. */
    trials: z.int().min(1).max(10_000).default(16),
    /** Epochs in total after which the worse trials are dropped, one number a rung; the last rung is the end. */
    epochs: z.array(z.int().min(1)).min(1).optional(),
    /** One in so many goes on to the next rung. */
    reduction: z.int().min(2).max(100).default(3),
    /** By the key of the pipeline, as `--set` takes it. */
    space: z.record(z.string(), rangeSchema),
  })
  .superRefine(({ epochs = [], space }, context) => {
    const issue = (message: string, path: (string | number)[]) =>
      context.addIssue({ code: 'custom', message, path });
    epochs.forEach((epoch, i) => {
      if (i > 0 && epoch <= epochs[i - 1]) issue('not above the number before', ['epochs', i]);
    });
    const keys = Object.keys(space);
    if (keys.length === 0) issue('needs at least one key', ['space']);
    for (const key of keys) {
      const outer = keys.find(
        (other) => other !== key && `${plainKey(key)}.`.startsWith(`${plainKey(other)}.`),
      );
      if (outer) issue(`is inside ${outer}, which would replace it`, ['space', key]);
    }
  });

export type SearchSection = z.output<typeof searchSchema>;
type Range = SearchSection['space'][string];

/** `embeddings[0].dim` and `embeddings.0.dim` are one key. */
export const plainKey = (key: string): string => key.replaceAll(/\[(\d+)\]/g, '.$1');

/** Writes out the lists of a section: `[1, 2]` → `{values: [1, 2]}`. Leaves what it does not understand. */
export function expandSearch(config: unknown): unknown {
  if (!isMapping(config) || !isMapping(config.search) || !isMapping(config.search.space)) return config;
  const space = Object.entries(config.search.space).map(([key, range]) => {
    return [key, Array.isArray(range) ? { values: range } : range] as const;
  });
  return { ...config, search: { ...config.search, space: Object.fromEntries(space) } };
}

interface Form {
  /** The value at a share from 0 to below 1 of the range. */
  readonly at: (range: Range, share: number) => unknown;
  /** The values that must all be allowed, so that every one between them is. */
  readonly extremes: (range: Range) => unknown[];
}

/** One line a form of range. */
const forms = {
  values: {
    at: ({ values = [] }, share) => values[Math.floor(share * values.length)],
    extremes: ({ values = [] }) => values,
  },
  log: {
    at: ({ log = [], step }, share) => {
      const [low, high] = log;
      const value = low * (high / low) ** share;
      return step ? onGrid(log, step, Math.round((value - low) / step)) : short(value, log);
    },
    extremes: ({ log = [], step }) => endsOf(log, step),
  },
  range: {
    at: ({ range = [], step }, share) => {
      const [low, high] = range;
      if (step) return onGrid(range, step, Math.floor(share * (stepsIn(range, step) + 1)));
      return short(low + share * (high - low), range);
    },
    extremes: ({ range = [], step }) => endsOf(range, step),
  },
} as const satisfies Record<string, Form>;

const formNames = Object.keys(forms) as (keyof typeof forms)[];

function formOf(range: Range): Form {
  return forms[formNames.find((name) => range[name]) ?? 'values'];
}

function endsOf(bounds: readonly number[], step?: number): number[] {
  return step ? [onGrid(bounds, step, 0), onGrid(bounds, step, stepsIn(bounds, step))] : [...bounds];
}

/** Whole steps between the bounds. A step of 0.1 fits into 0 … 0.3 three times, whatever binary fractions make of it. */
function stepsIn([low, high]: readonly number[], step: number): number {
  return Math.floor((high - low) / step + 1e-9);
}

function onGrid([low, high]: readonly number[], step: number, steps: number): number {
  const inside = Math.min(steps, stepsIn([low, high], step));
  return Number((low + inside * step).toPrecision(12));
}

/** Three significant digits, so that what is printed is what was trained; never outside the bounds. */
function short(value: number, [low, high]: readonly number[]): number {
  return Math.min(Math.max(Number(value.toPrecision(3)), low), high);
}

/** A setting as `--set` takes it: `decoder=crf`. */
export interface Setting {
  readonly key: string;
  readonly text: string;
}

export const formatSetting = ({ key, text }: Setting): string => `${key}=${text}`;

/** A value of every key at random; the order of the section is that of the settings, and does not change them. */
export function draw({ space }: SearchSection, random: Random): Setting[] {
  const keys = Object.keys(space).sort();
  const shares = new Map(keys.map((key) => [key, random.uniform()]));
  return Object.entries(space).map(([key, range]) => {
    return { key, text: textOf(formOf(range).at(range, shares.get(key) ?? 0)) };
  });
}

/** For each key the settings that must be allowed so that all that can be drawn are. */
export function extremesOf({ space }: SearchSection): Setting[] {
  return Object.entries(space).flatMap(([key, range]) =>
    formOf(range)
      .extremes(range)
      .map((value) => ({ key, text: textOf(value) })),
  );
}

/** The value in one line of YAML that reads as the same value again. */
function textOf(value: unknown): string {
  if (typeof value === 'string' && value !== '' && isPlain(value)) return value;
  return JSON.stringify(value);
}

function isPlain(text: string): boolean {
  return /^[\w./:@%+-]+$/.test(text) && parse(text) === text;
}
