/**
 * Sentences longer than any that training saw are tagged in windows that overlap, since a network is not to be trusted with
 * positions that it has never seen, and a document without sentence ends must not take memory without end. Neighbours are
 * joined inside their overlap, as near to its middle as there is a place that lies in no span of either.
 */
import { decodeSpans, encodeSpans, type Scheme } from '../text/schemes.js';
import type { Prediction, ScoredSpan, Window } from './prediction.js';

/** No window is shorter: a model of short sentences does better on 50 tokens at once than on pieces of them. */
const SHORTEST = 50;
/** The longest sentence of models that do not say what training saw. */
const USUAL = 200;
/** Tokens that neighbours share, at most: context for the tokens at the seam. */
const OVERLAP = 40;

/** The most tokens that are tagged at once; `longest` is the longest sentence of training. */
export const windowSize = (longest = USUAL): number => Math.max(SHORTEST, longest);

/** One window for a sentence of at most `size` tokens, else windows of that size that share tokens with their neighbours. */
export function windowsOf(length: number, size: number): Window[] {
  const overlap = Math.min(OVERLAP, size >> 1);
  const windows: Window[] = [];
  for (let first = 0; ; first += size - overlap) {
    const end = Math.min(first + size, length);
    windows.push({ first, end });
    if (end === length) return windows;
  }
}

/** The tags of a sentence from those of its windows, as many as it has tokens, well-formed in the scheme. */
export function joinTags(
  windows: readonly Window[],
  tags: readonly (readonly string[])[],
  scheme: Scheme,
): string[] {
  const seams = seamsOf(windows, tags, scheme);
  const joined = windows.flatMap(({ first }, w) => tags[w].slice(seams[w] - first, seams[w + 1] - first));
  // Where no place lay outside all spans, the two halves of a span are one.
  return scheme === 'none' ? joined : encodeSpans(decodeSpans(joined, scheme), joined.length, scheme);
}

/** The prediction for a sentence from those for its windows. The most probable sequences stay those of the windows. */
export function joinPredictions(
  windows: readonly Window[],
  parts: readonly Prediction[],
  scheme: Scheme,
): Prediction {
  const allTags = parts.map((part) => part.tags);
  const seams = seamsOf(windows, allTags, scheme);
  const tags = joinTags(windows, allTags, scheme);
  /** What window w has for its own tokens. */
  const own = <T>(w: number, list: readonly T[]) =>
    list.slice(seams[w] - windows[w].first, seams[w + 1] - windows[w].first);
  const { posteriors } = parts[0];
  return {
    tags,
    scores: parts.flatMap(({ scores }, w) => own(w, scores)),
    spans: scoredSpans(windows, parts, tags, scheme),
    windows: windows.map((window, w) => ({ ...window, nbest: parts[w].nbest })),
    ...(posteriors && { posteriors: parts.flatMap((part, w) => own(w, part.posteriors ?? [])) }),
  };
}

/** Every span with the score that a window gives it; one that only two windows have between them, with the lower of its parts. */
function scoredSpans(
  windows: readonly Window[],
  parts: readonly Prediction[],
  tags: readonly string[],
  scheme: Scheme,
): ScoredSpan[] {
  const known = windows.flatMap(({ first }, w) =>
    parts[w].spans.map((span) => ({ ...span, first: span.first + first, end: span.end + first })),
  );
  const byPlace = new Map<string, number>();
  const keyOf = ({ label, first, end }: ScoredSpan | Omit<ScoredSpan, 'score'>) => `${first} ${end} ${label}`;
  for (const span of known) byPlace.set(keyOf(span), Math.max(span.score, byPlace.get(keyOf(span)) ?? 0));
  return decodeSpans(tags, scheme).map((span) => {
    const partial = known.filter(({ first, end }) => first < span.end && end > span.first);
    const score = byPlace.get(keyOf(span)) ?? Math.min(...partial.map((part) => part.score));
    return { ...span, score };
  });
}

/** Where each window's own tokens begin, and after them the end of the sentence. */
function seamsOf(windows: readonly Window[], tags: readonly (readonly string[])[], scheme: Scheme): number[] {
  const inner = windows.slice(1).map((right, i) => {
    const left = windows[i];
    const isFree = (place: number) =>
      !isInside(tags[i], place - left.first, scheme) && !isInside(tags[i + 1], place - right.first, scheme);
    const middle = (right.first + left.end) >> 1;
    for (let away = 0; away <= left.end - middle; away++) {
      for (const place of [middle - away, middle + away]) {
        if (place > right.first && place < left.end && isFree(place)) return place;
      }
    }
    return middle;
  });
  return [0, ...inner, windows[windows.length - 1].end];
}

/** Whether a span goes on over the place before token `place`. */
function isInside(tags: readonly string[], place: number, scheme: Scheme): boolean {
  if (scheme === 'none') return false;
  // Two tokens tell, whatever the scheme: they are one span or two.
  const pair = decodeSpans(tags.slice(place - 1, place + 1), scheme);
  return pair.some(({ first, end }) => end - first === 2);
}
