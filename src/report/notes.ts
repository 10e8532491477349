/** What a reader must know to read the figures. */
import { metricOf } from './columns.js';
import type { Comparison } from './comparison.js';
import { count } from './figures.js';

export function aboutTest(comparison: Comparison): string {
  const { corpus, machine, madeBy } = comparison;
  const licence = corpus.licence ? ` (licence: ${corpus.licence})` : '';
  return `${corpus.split} of ${corpus.name}${licence}, label ${corpus.label}: ${count(corpus.sentences)} sentences, ${count(corpus.tokens)} words, the same for every system. Measured with tagger ${madeBy} on ${machine.cores} × ${machine.cpu}, Node ${machine.node}.`;
}

export function aboutFigures(comparison: Comparison): string {
  const tested = comparison.systems.find(({ significance }) => significance)?.significance;
  const metric = metricOf(comparison);
  const dev =
    comparison.corpus.split === 'dev'
      ? ' Systems that choose on dev, such as the epoch of a network, score better there than on words that nobody has seen.'
      : '';
  const intervals = `In brackets: the interval that holds the ${metric} of ${percentOf(tested?.confidence ?? 0.95)} of drawn test sets.`;
  if (tested === undefined) return `${intervals} ★ is the best of a column.${dev}`;
  return `${intervals} Difference: points of ${metric} above (+) or below (−) ${comparison.systems[0].name}. p: how often chance alone would make a difference as large, the larger one of paired bootstrap and approximate randomisation (${count(tested.resamples)} resamples, seed ${tested.seed}), each system by itself: of twenty equal systems one has p < 0.05. p50, p99: within so many milliseconds half of all sentences are tagged, and 99 of 100. ★ is the best of a column. – was not measured.${dev}`;
}

const percentOf = (share: number): string => `${Number((100 * share).toFixed(2))} %`;
