/** How well tags fit dev, for choices among models. */
import { countingScheme, evaluate } from '../evaluation/index.js';
import { ownScheme } from '../text/schemes.js';
import type { BaselineTask } from './baseline.js';

/** Percent: F1 of spans, or accuracy of labels of single tokens; 0 where there is no dev. */
export function devScore({ dev, scheme }: BaselineTask, predicted: readonly (readonly string[])[]): number {
  const gold = dev.map(({ tags }) => tags);
  const own = ownScheme(scheme);
  const scores = evaluate(gold, predicted, { scheme: own, countAs: countingScheme(own) });
  return scheme === 'none' ? scores.accuracy : scores.f1;
}
