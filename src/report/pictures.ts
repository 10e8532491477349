/** What the pictures of a report show. Each is absent where its figures were not measured. */
import type { Markish } from '@observablehq/plot';
import { metricOf } from './columns.js';
import type { Comparison } from './comparison.js';
import { count, score } from './figures.js';
import type { Picture, Plot } from './picture.js';
import { type ShownSystem, shortened } from './shown.js';
import { sideLabels } from './side-labels.js';

const width = 720;
const margins = { marginTop: 28, marginRight: 190, marginBottom: 44, marginLeft: 52 };
const height = 380;
const drawn = height - margins.marginTop - margins.marginBottom;

export function accuracyAgainstSpeed(
  comparison: Comparison,
  shown: readonly ShownSystem[],
): Picture | undefined {
  const points = shown.flatMap(({ system, label, look }) =>
    system.speed ? [{ x: system.speed.tokensPerSecond, y: system.score.value, system, label, look }] : [],
  );
  if (points.length < 2) return undefined;
  const speeds = points.map(({ x }) => x);
  const x = [Math.min(...speeds) / 1.5, Math.max(...speeds) * 1.5] as const;
  const y = padded(points.flatMap(({ system }) => [system.score.low, system.score.high]));
  return {
    id: 'speed',
    title: 'Accuracy against speed',
    description: points.map((p) => `${p.label}: ${score(p.y)} at ${count(p.x)} tokens/s`).join('; '),
    options: (plot) => ({
      width,
      height,
      ...margins,
      x: {
        type: 'log',
        domain: x,
        ticks: roundNumbers(...x),
        tickFormat: count,
        label: 'tokens per second, one thread',
        labelAnchor: 'center',
        grid: true,
      },
      y: { domain: y, grid: true, label: metricOf(comparison) },
      marks: [
        ...named(plot, points, x[1], y),
        plot.ruleX(points, {
          x: 'x',
          y1: (p) => p.system.score.low,
          y2: (p) => p.system.score.high,
          stroke: (p) => p.look.color,
          strokeWidth: 1.5,
        }),
        dots(plot, points),
      ],
      ...asTheyAre,
    }),
  };
}

export function learningCurves(_: Comparison, shown: readonly ShownSystem[]): Picture | undefined {
  const curves = shown
    .map((one) => ({
      ...one,
      points: (one.system.training?.curve ?? []).flatMap(({ epoch, score }) =>
        score === undefined ? [] : [{ x: epoch, y: score }],
      ),
    }))
    .filter(({ points }) => points.length > 1);
  if (curves.length === 0) return undefined;
  const ends = curves.map(({ points, label, look }) => ({ ...points[points.length - 1], label, look }));
  const all = curves.flatMap(({ points }) => points);
  const x = [Math.min(...all.map((p) => p.x)), Math.max(...all.map((p) => p.x))] as const;
  const y = padded(all.map((p) => p.y));
  return {
    id: 'curves',
    title: 'Learning curves',
    description: ends.map(({ label, x, y }) => `${label}: ${score(y)} after epoch ${x}`).join('; '),
    options: (plot) => ({
      width,
      height,
      ...margins,
      x: {
        domain: x,
        label: 'epoch',
        labelAnchor: 'center',
        tickFormat: (n: number) => (Number.isInteger(n) ? count(n) : ''),
      },
      y: { domain: y, grid: true, label: 'score on dev' },
      marks: [
        ...named(plot, ends, x[1], y),
        ...curves.map(({ points, look }) =>
          plot.line(points, {
            x: 'x',
            y: 'y',
            stroke: look.color,
            strokeWidth: 2,
            strokeDasharray: look.dashes,
          }),
        ),
        dots(plot, ends),
      ],
      ...asTheyAre,
    }),
  };
}

export function reliability(_: Comparison, shown: readonly ShownSystem[]): Picture | undefined {
  const lines = shown
    .map((one) => ({
      ...one,
      points: (one.system.calibration?.bins ?? []).flatMap(({ score, correct }) =>
        score === null || correct === null ? [] : [{ x: score, y: correct }],
      ),
    }))
    .filter(({ points }) => points.length > 0);
  if (lines.length === 0) return undefined;
  const ends = lines.map(({ points, label, look }) => ({ ...points[points.length - 1], label, look }));
  const points = lines.flatMap(({ points, label, look }) => points.map((p) => ({ ...p, label, look })));
  const errorOf = ({ system }: ShownSystem) => (100 * (system.calibration?.error ?? 0)).toFixed(1);
  return {
    id: 'reliability',
    title: 'Reliability',
    description: lines
      .map((one) => `${one.label}: scores are off by ${errorOf(one)} points on average`)
      .join('; '),
    options: (plot) => ({
      width: 620,
      height: 430,
      ...margins,
      x: { domain: [0, 1], grid: true, label: 'score of the prediction', labelAnchor: 'center' },
      y: { domain: [0, 1], grid: true, label: 'share that is right' },
      marks: [
        plot.link([{}], { x1: 0, y1: 0, x2: 1, y2: 1, strokeOpacity: 0.5, strokeDasharray: '2 4' }),
        ...named(plot, ends, 1, [0, 1], 430 - margins.marginTop - margins.marginBottom),
        ...lines.map(({ points, look }) =>
          plot.line(points, {
            x: 'x',
            y: 'y',
            stroke: look.color,
            strokeWidth: 1.5,
            strokeDasharray: look.dashes,
          }),
        ),
        dots(plot, points),
      ],
      ...asTheyAre,
    }),
  };
}

/** Bars of the first system and the three best of the others, for the labels that occur most. */
export function labelBars(comparison: Comparison, shown: readonly ShownSystem[]): Picture | undefined {
  const systems = shown.slice(0, 4);
  const golds = Object.entries(systems[0].system.scores.byLabel);
  const labels = golds.toSorted(([, a], [, b]) => b.gold - a.gold).slice(0, mostLabels);
  if (labels.length === 0) return undefined;
  const bars = labels.flatMap(([label]) =>
    systems.map(({ system, label: name, look }, i) => {
      const f1 = system.scores.byLabel[label]?.f1 ?? 0;
      return {
        label,
        row: i,
        f1,
        text: `${score(f1)} ${name}`,
        look,
      };
    }),
  );
  // Shortened names may be alike.
  const headOf = (label: string) =>
    `${shortened(label, 16)} (${count(systems[0].system.scores.byLabel[label].gold)})`;
  return {
    id: 'labels',
    title: 'F1 of each label',
    description: `The most frequent labels, with their number in the annotation. ${labels
      .map(([label]) => `${shortened(label, 16)}: ${score(systems[0].system.scores.byLabel[label].f1)}`)
      .join('; ')} (${systems[0].label})`,
    options: (plot) => ({
      width,
      height: 50 + labels.length * (systems.length * 17 + 12),
      marginLeft: 170,
      marginRight: 200,
      marginTop: 40,
      marginBottom: 10,
      x: {
        domain: [0, 100],
        axis: 'top',
        labelAnchor: 'left',
        label: `F1${comparison.corpus.hasSpans ? '' : ', label by label'}`,
        grid: true,
      },
      y: { domain: systems.map((_, i) => i), axis: null, padding: 0.15 },
      fy: {
        domain: labels.map(([label]) => label),
        tickFormat: headOf,
        label: null,
        padding: 0.1,
        axis: 'left',
      },
      marks: [
        plot.barX(bars, {
          fy: 'label',
          y: 'row',
          x: 'f1',
          fill: (b) => b.look.color,
          fillOpacity: (b) => (b.row === 0 ? 0.85 : 0.7),
        }),
        plot.text(bars, { fy: 'label', y: 'row', x: 'f1', text: 'text', textAnchor: 'start', dx: 6 }),
      ],
      color: { type: 'identity' },
    }),
  };
}

const mostLabels = 20;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly look: ShownSystem['look'];
}

/** Looks are no data with a scale. */
const asTheyAre = { color: { type: 'identity' }, symbol: { type: 'identity' } } as const;

const dots = (plot: Plot, points: readonly Point[]): Markish =>
  plot.dot(points, { x: 'x', y: 'y', r: 5, symbol: (p: Point) => p.look.symbol, fill: (p) => p.look.color });

/** Names at the right edge, each with a thin line to its point. */
function named(
  plot: Plot,
  points: readonly Point[],
  edge: number,
  [from, to]: readonly [number, number],
  space = drawn,
): Markish[] {
  const heights = sideLabels(
    points.map(({ y }) => y),
    { from, to, height: space },
  );
  const labels = points.map((point, i) => ({ ...point, to: heights[i] }));
  return [
    plot.link(labels, {
      x1: 'x',
      y1: 'y',
      x2: edge,
      y2: 'to',
      stroke: (p: Point) => p.look.color,
      strokeOpacity: 0.45,
    }),
    plot.dot(labels, {
      x: edge,
      y: 'to',
      dx: 10,
      r: 4,
      symbol: (p: Point) => p.look.symbol,
      fill: (p) => p.look.color,
    }),
    plot.text(labels, { x: edge, y: 'to', text: 'label', textAnchor: 'start', dx: 20 }),
  ];
}

/** From the lowest to the highest value and a little more. */
function padded(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = Math.max(0.5, (high - low) * 0.06);
  return [low - pad, high + pad];
}

/** 1, 2 and 5 times powers of ten, or the powers alone where they are many. */
function roundNumbers(from: number, to: number): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(to / from)) + 2 },
    (_, i) => 10 ** (Math.floor(Math.log10(from)) + i),
  );
  const factors = to / from > 100 ? [1] : [1, 2, 5];
  return powers.flatMap((power) => factors.map((f) => f * power)).filter((n) => n >= from && n <= to);
}
