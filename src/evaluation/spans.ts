/** Compare two lists of spans a sentence: a span is correct if its borders and its label are. */
import type { Span } from '../text/document.js';
import type { Counts } from './scores.js';

/** The spans of a sentence, in order and without overlaps on either side. */
export interface SentenceSpans {
  readonly gold: readonly Span[];
  readonly predicted: readonly Span[];
}

/** The predicted spans that the annotation has too. */
export function correctSpans({ gold, predicted }: SentenceSpans): Span[] {
  const goldByStart = new Map(gold.map((span) => [span.first, span]));
  return predicted.filter(({ label, first, end }) => {
    const match = goldByStart.get(first);
    return match?.end === end && match.label === label;
  });
}

/** The counts of every label that occurs, in the order of code units (as the conlleval script sorts). */
export function countSpans(sentences: readonly SentenceSpans[]): Map<string, Counts> {
  const counts = countBy(sentences, ({ label }) => label);
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The counts of every group that occurs. Equal spans of a sentence (from 0) are of the same group. */
export function countBy(
  sentences: readonly SentenceSpans[],
  groupOf: (span: Span, sentence: number) => string,
): Map<string, Counts> {
  const counts = new Map<string, { gold: number; predicted: number; correct: number }>();
  const of = (group: string) => {
    const known = counts.get(group) ?? { gold: 0, predicted: 0, correct: 0 };
    counts.set(group, known);
    return known;
  };
  sentences.forEach((sentence, s) => {
    for (const span of sentence.gold) of(groupOf(span, s)).gold++;
    for (const span of sentence.predicted) of(groupOf(span, s)).predicted++;
    for (const span of correctSpans(sentence)) of(groupOf(span, s)).correct++;
  });
  return counts;
}
