/** What annotation tools hold and a corpus of entities does not: counted for the user, since nothing is lost in silence. */
import { formatPlace } from '../core/errors.js';
import type { LeftOut } from './format.js';

/** A line for each kind of thing. */
export function leftOutWarnings(corpus: string, leftOut: readonly LeftOut[]): string[] {
  const kinds = new Map<string, LeftOut[]>();
  for (const one of leftOut) {
    const others = kinds.get(one.what);
    if (others) others.push(one);
    else kinds.set(one.what, [one]);
  }
  return [...kinds].map(([what, all]) => {
    const count = all.length === 1 ? `1 ${what} is` : `${all.length} × ${what} are`;
    return `${count} left out of ${corpus}, first at ${formatPlace(all[0].place)}`;
  });
}
