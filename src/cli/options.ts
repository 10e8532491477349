/** Parsers of option values that several commands take. */
import { InvalidArgumentError } from 'commander';

/** For options that are repeatable. */
export const append = (value: string, earlier: string[] = []): string[] => [...earlier, value];

/** The same for values out of a list. */
export const appendOneOf =
  (choices: readonly string[]) =>
  (value: string, earlier: string[] = []): string[] => {
    if (!choices.includes(value)) throw new InvalidArgumentError(`expected one of ${choices.join(', ')}.`);
    return [...earlier, value];
  };

/** Names separated by commas. */
export const list = (text: string): string[] => text.split(',');

/** Of a field or a file. */
export function name(text: string): string {
  if (text === '') throw new InvalidArgumentError('expected a name.');
  return text;
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number.');
  return Number(text);
}

export function probability(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('expected a number from 0 to 1.');
  return value;
}

/** A whole number of at least 1. */
export function count(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('expected at least 1.');
  return value;
}
