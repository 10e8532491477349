/** Figures as a reader sees them. What is absent is a dash. */
import type { Estimate } from '../evaluation/index.js';

export const absent = '–';

const separated = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A score in percent, without the sign. */
export const score = (value: number): string => value.toFixed(1);

export const interval = ({ low, high }: Estimate): string => `${score(low)} to ${score(high)}`;

/** A difference in points, with its sign. */
export const signed = (value: number): string => {
  const text = Math.abs(value).toFixed(2);
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`;
};

export const points = (value: number): string => Math.abs(value).toFixed(2);

export const chance = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3));

/** Two digits where it is below ten. */
export const count = (value: number): string =>
  value < 10 && !Number.isInteger(value) ? value.toPrecision(2) : separated.format(value);

export const milliseconds = (value: number): string =>
  value < 0.1 ? `${Number(value.toPrecision(2))}` : value < 10 ? value.toFixed(2) : count(value);

export const bytes = (value: number): string => scaled(value, 1000, ['B', 'kB', 'MB', 'GB', 'TB']);

export function seconds(value: number): string {
  if (value < 60) return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} s`;
  return value < 3600 ? `${(value / 60).toFixed(1)} min` : `${(value / 3600).toFixed(1)} h`;
}

/** How often one holds the other. */
export const times = (value: number): string => `${value < 10 ? value.toFixed(1) : count(value)} ×`;

function scaled(value: number, step: number, units: readonly string[]): string {
  if (value < step || units.length === 1)
    return `${value < 10 ? Number(value.toFixed(1)) : value.toFixed(0)} ${units[0]}`;
  return scaled(value / step, step, units.slice(1));
}
