/**
 * Strict reading: only spans that are written as their scheme writes them count, for example in BIOES only S and
 * B I* E of one label. (The conlleval script also counts broken ones.)
 */
import type { Span } from '../text/document.js';
import { decodeSpans, encodeSpans, parseTag, type SpanScheme } from '../text/schemes.js';

export function wellFormedSpans(tags: readonly string[], scheme: SpanScheme): Span[] {
  const spans = decodeSpans(tags, scheme);
  const rewritten = encodeSpans(spans, tags.length, scheme);
  const isKept = (i: number) => parseTag(tags[i])?.role === parseTag(rewritten[i])?.role;
  return spans.filter(({ first, end }) => {
    for (let i = first; i < end; i++) if (!isKept(i)) return false;
    return true;
  });
}
