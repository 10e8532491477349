/** Tags that were chosen word by word, made a valid sequence. */
import { decodeSpans, encodeSpans } from '../text/schemes.js';
import type { TagSet } from './tag-set.js';

/**
 * Reads the spans of a sequence as `decodeSpans` does, where a tag goes on with the span before it if both sides and the
 * labels fit and begins one if not, and writes them as the scheme wants: a lone I becomes S, a B after which nothing goes on
 * too. A span that would need a tag that train does not have is left out.
 */
export function repair(tags: readonly string[], { scheme, numberOf }: TagSet): string[] {
  if (scheme === 'none') return [...tags];
  const spans = decodeSpans(tags, scheme).filter(({ label, first, end }) =>
    encodeSpans([{ label, first: 0, end: end - first }], end - first, scheme).every(
      (tag) => numberOf(tag) >= 0,
    ),
  );
  return encodeSpans(spans, tags.length, scheme);
}
