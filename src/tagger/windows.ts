/**
 * Sentences longer than any that training saw are tagged in windows that overlap, since a network is not to be trusted with
 * positions that it has never seen, and a document without sentence ends must not take memory without end. Neighbours are
 * joined inside their overlap, as near to its middle as there is a place that lies in no span of either.
 */
import type { Span } from '../text/document.js';
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
  return joinOwn(ownStretches(windows, tags, scheme), tags, scheme);
}

/** The prediction for a sentence from those for its windows. The most probable sequences stay those of the windows. */
export function joinPredictions(
  windows: readonly Window[],
  parts: readonly Prediction[],
  scheme: Scheme,
): Prediction {
  const allTags = parts.map((part) => part.tags);
  const own = ownStretches(windows, allTags, scheme);
  const tags = joinOwn(own, allTags, scheme);
  const { posteriors } = parts[0];
  return {
    tags,
    scores: parts.flatMap(({ scores }, w) => scores.slice(...own[w])),
    spans: scoredSpans(decodeSpans(tags, scheme), windows, own, parts),
    windows: windows.map((window, w) => ({ ...window, nbest: parts[w].nbest })),
    ...(posteriors && { posteriors: parts.flatMap((part, w) => part.posteriors?.slice(...own[w]) ?? []) }),
  };
}

/** The tokens that a window speaks for, counted from its first one. Those of all windows are the sentence. */
type Stretch = readonly [first: number, end: number];

function joinOwn(own: readonly Stretch[], tags: readonly (readonly string[])[], scheme: Scheme): string[] {
  const joined = tags.flatMap((part, w) => part.slice(...own[w]));
  // Where no place lay outside all spans, the two halves of a span are one.
  return scheme === 'none' ? joined : encodeSpans(decodeSpans(joined, scheme), joined.length, scheme);
}

/** The spans of the sentence with the scores that their windows give them; one of two halves with the lower of both. */
function scoredSpans(
  spans: readonly Span[],
  windows: readonly Window[],
  own: readonly Stretch[],
  parts: readonly Prediction[],
): ScoredSpan[] {
  const known = parts.flatMap((part, w) => {
    const [from, to] = own[w];
    return part.spans
      .filter(({ first, end }) => first < to && end > from)
      .map(({ first, score }) => ({ first: windows[w].first + Math.max(first, from), score }));
  });
  let next = 0;
  return spans.map((span) => {
    let score = 1;
    for (; next < known.length && known[next].first < span.end; next++)
      score = Math.min(score, known[next].score);
    return { ...span, score };
  });
}

function ownStretches(
  windows: readonly Window[],
  tags: readonly (readonly string[])[],
  scheme: Scheme,
): Stretch[] {
  const seams = windows.slice(1).map((right, i) => {
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
  const ends = [...seams, windows[windows.length - 1].end];
  return windows.map(({ first }, w) => [w === 0 ? 0 : seams[w - 1] - first, ends[w] - first]);
}

/** Whether a span goes on over the place before token `place`. */
function isInside(tags: readonly string[], place: number, scheme: Scheme): boolean {
  if (scheme === 'none') return false;
  // Two tokens tell, whatever the scheme: they are one span or two.
  const pair = decodeSpans(tags.slice(place - 1, place + 1), scheme);
  return pair.some(({ first, end }) => end - first === 2);
}
