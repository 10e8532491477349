/** Whether the first system earns its place, in a sentence or two that claim no more than the figures show. */
import { metricOf, pOf } from './columns.js';
import type { Comparison, SystemReport } from './comparison.js';
import { chance, count, interval, points, score, times } from './figures.js';

/** Text, or the name of a system, which is a user's. */
export type Phrase = string | { readonly name: string };

export interface Verdict {
  readonly kind: 'alone' | 'ahead' | 'perhaps-ahead' | 'even' | 'perhaps-behind' | 'behind' | 'untested';
  readonly phrases: readonly Phrase[];
}

/** Throws nothing; a comparison has a system at least. */
export function verdict(comparison: Comparison): Verdict {
  const [first, ...others] = comparison.systems;
  const metric = metricOf(comparison);
  if (others.length === 0) {
    const text = ` has ${metric} ${score(first.score.value)} (${interval(first.score)}); there is no other system to compare it with.`;
    return { kind: 'alone', phrases: [{ name: first.name }, text] };
  }
  const rival = others.reduce((a, b) => (b.score.value > a.score.value ? b : a));
  const kind = standing(first, rival);
  const say = sentences[kind];
  return { kind, phrases: [...say(first, rival, metric), ...cheapest(first, others)] };
}

/** As plain text. */
export const plain = (phrases: readonly Phrase[]): string =>
  phrases.map((phrase) => (typeof phrase === 'string' ? phrase : phrase.name)).join('');

type Standing = Exclude<Verdict['kind'], 'alone'>;

/** Of the first against the best of the others. */
function standing(first: SystemReport, rival: SystemReport): Standing {
  if (rival.significance === undefined) return 'untested';
  const { difference, isDifferent } = rival.significance;
  if (Math.abs(first.score.value - rival.score.value) < 1e-9) return 'even';
  if (difference.value > 0) return isDifferent ? 'ahead' : 'perhaps-ahead';
  return isDifferent ? 'behind' : 'perhaps-behind';
}

type Say = (first: SystemReport, rival: SystemReport, metric: string) => Phrase[];

const name = ({ name }: SystemReport): Phrase => ({ name });

const gap = (first: SystemReport, rival: SystemReport) => points(first.score.value - rival.score.value);

const sentences: Readonly<Record<Standing, Say>> = {
  ahead: (first, rival, metric) => [
    name(first),
    ` is better than `,
    name(rival),
    `, the best of the others, by ${gap(first, rival)} points of ${metric}; this is no chance (p ${pText(rival)}).`,
  ],
  'perhaps-ahead': (first, rival, metric) => [
    name(first),
    ` is ${gap(first, rival)} points of ${metric} above `,
    name(rival),
    `, the best of the others, but this may be chance (p ${pText(rival)}).`,
  ],
  even: (first, rival, metric) => [
    name(first),
    ' and ',
    name(rival),
    ` have the same ${metric}, ${score(first.score.value)}.`,
  ],
  'perhaps-behind': (first, rival, metric) => [
    name(first),
    ` is ${gap(first, rival)} points of ${metric} below `,
    name(rival),
    `, though this may be chance (p ${pText(rival)}).`,
  ],
  behind: (first, rival, metric) => [
    name(first),
    ' is not the best: ',
    name(rival),
    ` is better by ${gap(first, rival)} points of ${metric}, and this is no chance (p ${pText(rival)}).`,
  ],
  untested: (first, rival, metric) => [
    name(first),
    ` has ${metric} ${score(first.score.value)}, `,
    name(rival),
    `, the best of the others, ${score(rival.score.value)}; whether they differ by more than chance was not tested.`,
  ],
};

const pText = (system: SystemReport): string => {
  const text = chance(pOf(system) ?? 1);
  return text.startsWith('<') ? text : `= ${text}`;
};

/** The fastest system that no test finds worse than the first; nothing where speeds are not known. */
function cheapest(first: SystemReport, others: readonly SystemReport[]): Phrase[] {
  const { speed } = first;
  if (speed === undefined) return [];
  const isNotWorse = ({ significance }: SystemReport) =>
    significance !== undefined && !(significance.isDifferent && significance.difference.value > 0);
  const speedOf = (system: SystemReport) => system.speed?.tokensPerSecond ?? 0;
  const fastest = [first, ...others.filter(isNotWorse)].reduce((a, b) => (speedOf(b) > speedOf(a) ? b : a));
  if (fastest === first) return [' No system that is as good is faster.'];
  const text = ` (${count(speedOf(fastest))} tokens/s, ${times(speedOf(fastest) / speed.tokensPerSecond)} as fast).`;
  return [' The fastest that is not shown to be worse is ', name(fastest), text];
}
