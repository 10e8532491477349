/** Compare two lists of spans a sentence: a span is correct if its borders and its label are. */
import type { Span } from '../text/document.js';
import type { Counts } from './scores.js';

interface SentenceSpans {
  readonly gold: readonly Span[];
  readonly predicted: readonly Span[];
}

/** The counts of every label that occurs, in the order of code units (as the conlleval script sorts). */
export function countSpans(sentences: Iterable<SentenceSpans>): Map<string, Counts> {
  const counts = new Map<string, { gold: number; predicted: number; correct: number }>();
  const of = (label: string) => {
    const known = counts.get(label) ?? { gold: 0, predicted: 0, correct: 0 };
    counts.set(label, known);
    return known;
  };
  for (const { gold, predicted } of sentences) {
    const goldByStart = new Map(gold.map((span) => [span.first, span]));
    for (const { label } of gold) of(label).gold++;
    for (const { label, first, end } of predicted) {
      const match = goldByStart.get(first);
      of(label).predicted++;
      if (match?.end === end && match.label === label) of(label).correct++;
    }
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
