/** What is wrong with predicted spans, by kind, each error with the spans that it is about. */
import type { Span } from '../text/document.js';
import type { SentenceSpans } from './spans.js';

/** In words, for tables. */
export const errorKinds = {
  boundary: 'other borders, same label',
  type: 'same borders, other label',
  'boundary-and-type': 'other borders, other label',
  missed: 'no prediction here',
  spurious: 'nothing here',
} as const;

export type ErrorKind = keyof typeof errorKinds;

export interface SpanError {
  readonly kind: ErrorKind;
  /** From 0. */
  readonly sentence: number;
  /** Absent where the prediction is spurious. */
  readonly gold?: Span;
  /** Absent where the span was missed. */
  readonly predicted?: Span;
}

export interface SpanErrors {
  /** Spans of both sides. */
  readonly correct: number;
  readonly counts: Readonly<Record<ErrorKind, number>>;
  /** All of them, sentence by sentence. */
  readonly errors: readonly SpanError[];
}

/**
 * Every gold and every predicted span is in one pair, or alone in one error. What overlaps is paired, first what is correct, then
 * the same borders, then the same label, then the rest; among equals those that share most tokens. So the gold spans are `correct` and
 * all errors but `spurious`, the predicted ones `correct` and all but `missed`. With labels of single tokens every error is a `type`.
 */
export function spanErrors(sentences: readonly SentenceSpans[]): SpanErrors {
  const errors = sentences.flatMap(errorsIn);
  const counts = Object.fromEntries(Object.keys(errorKinds).map((kind) => [kind, 0])) as Record<
    ErrorKind,
    number
  >;
  for (const { kind } of errors) counts[kind]++;
  const gold = sentences.reduce((sum, { gold }) => sum + gold.length, 0);
  return { correct: gold - (errors.length - counts.spurious), counts, errors };
}

/** Up to so many of a kind, spread evenly over all of them. */
export function exampleErrors({ errors }: SpanErrors, kind: ErrorKind, most = 5): SpanError[] {
  const all = errors.filter((error) => error.kind === kind);
  const count = Math.min(most, all.length);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
}

interface Pair {
  readonly kind: ErrorKind | 'correct';
  readonly gold: Span;
  readonly predicted: Span;
  /** Tokens that both have. */
  readonly shared: number;
}

/** In the order in which pairs are made. */
const pairKinds: readonly Pair['kind'][] = ['correct', 'type', 'boundary', 'boundary-and-type'];

function errorsIn(sentence: SentenceSpans, index: number): SpanError[] {
  const errors: SpanError[] = [];
  const taken = new Set<Span>();
  for (const { kind, gold, predicted } of pairsOf(sentence)) {
    if (taken.has(gold) || taken.has(predicted)) continue;
    taken.add(gold).add(predicted);
    if (kind !== 'correct') errors.push({ kind, sentence: index, gold, predicted });
  }
  for (const gold of sentence.gold) {
    if (!taken.has(gold)) errors.push({ kind: 'missed', sentence: index, gold });
  }
  for (const predicted of sentence.predicted) {
    if (!taken.has(predicted)) errors.push({ kind: 'spurious', sentence: index, predicted });
  }
  return errors.sort((a, b) => startOf(a) - startOf(b));
}

/** All that overlap, the best first. */
function pairsOf({ gold: golds, predicted: all }: SentenceSpans): Pair[] {
  const pairs: Pair[] = [];
  let next = 0;
  for (const gold of golds) {
    while (next < all.length && all[next].end <= gold.first) next++;
    for (let i = next; i < all.length && all[i].first < gold.end; i++) {
      const predicted = all[i];
      const shared = Math.min(gold.end, predicted.end) - Math.max(gold.first, predicted.first);
      pairs.push({ kind: kindOf(gold, predicted), gold, predicted, shared });
    }
  }
  const rank = ({ kind }: Pair) => pairKinds.indexOf(kind);
  return pairs.sort((a, b) => rank(a) - rank(b) || b.shared - a.shared);
}

function kindOf(gold: Span, predicted: Span): Pair['kind'] {
  const hasBorders = gold.first === predicted.first && gold.end === predicted.end;
  const hasLabel = gold.label === predicted.label;
  if (hasBorders) return hasLabel ? 'correct' : 'type';
  return hasLabel ? 'boundary' : 'boundary-and-type';
}

const startOf = ({ gold, predicted }: SpanError): number => (gold ?? predicted)?.first ?? 0;
