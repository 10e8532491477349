/** Invented annotations, and systems that get some of them wrong in every way there is. */
import type { Random } from '../../src/core/random.js';
import { type SentenceSpans, sentenceCounts } from '../../src/evaluation/index.js';
import type { Span } from '../../src/text/document.js';

const labels = ['PER', 'LOC', 'creative-work'];

/** Sentences of 0 to 15 tokens. */
export const randomLengths = (sentences: number, random: Random): number[] =>
  Array.from({ length: sentences }, () => random.below(16));

export function randomSpans(length: number, random: Random): Span[] {
  const spans: Span[] = [];
  for (let first = random.below(4); first < length; first += random.below(4)) {
    const end = Math.min(length, first + 1 + random.below(5));
    spans.push({ label: labels[random.below(3)], first, end });
    first = end;
  }
  return spans;
}

/** Some spans are kept, and others dropped, relabelled, moved, cut in two or made up; `noise` is the share that are not kept. */
export function noisy(gold: readonly Span[], length: number, noise: number, random: Random): Span[] {
  const changes: ((span: Span) => Span[])[] = [
    () => [],
    (span) => [{ ...span, label: labels[random.below(3)] }],
    ({ label, first, end }) => [
      { label, first: first + random.below(3) - 1, end: end + random.below(3) - 1 },
    ],
    ({ first, end }) => [{ label: labels[random.below(3)], first, end: end + 1 }],
    ({ label, first, end }) => [
      { label, first, end: first + 1 },
      { label, first: first + 1, end },
    ],
  ];
  const change = (span: Span) =>
    random.uniform() < noise ? changes[random.below(changes.length)](span) : [span];
  const made = random.uniform() < noise ? randomSpans(length, random) : [];
  const wanted = [...gold.flatMap(change), ...made];
  const kept: Span[] = [];
  for (const span of wanted) {
    const fits = span.first >= 0 && span.first < span.end && span.end <= length;
    const isFree = kept.every(({ first, end }) => end <= span.first || span.end <= first);
    if (fits && isFree) kept.push(span);
  }
  return kept.sort((a, b) => a.first - b.first);
}

/** What systems of this noise make of the same annotation. */
export function systemsOf(
  sentences: number,
  noises: readonly number[],
  random: Random,
): { lengths: number[]; systems: SentenceSpans[][] } {
  const lengths = randomLengths(sentences, random);
  const golds = lengths.map((length) => randomSpans(length, random));
  const systems = noises.map((noise) =>
    golds.map((gold, s) => ({ gold, predicted: noisy(gold, lengths[s], noise, random) })),
  );
  return { lengths, systems };
}

export const countsOfSystems = (systems: readonly SentenceSpans[][]) => systems.map(sentenceCounts);
