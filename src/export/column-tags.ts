/** The tags of a document's sentences as a file of columns has them. */
import type { AnnotatedDocument, Span } from '../text/document.js';
import { encodeSpans } from '../text/schemes.js';
import type { OutputOptions } from './format.js';

/**
 * Those of the entities, which may be fewer than the tags of the model tell (`--min-score`), in the scheme of the file; labels
 * of single tokens as they are. A list a sentence.
 */
export function columnTags(
  { sentences, entities }: AnnotatedDocument,
  { label, scheme, tags = 'bio' }: OutputOptions,
): (readonly string[])[] {
  if (scheme === 'none') return sentences.map(({ columns }) => columns?.[label] ?? []);
  let next = 0;
  return sentences.map(({ tokens }) => {
    const spans: Span[] = [];
    for (let t = 0; t < tokens.length && next < entities.length; t++) {
      const { label, start, end } = entities[next];
      if (tokens[t].start !== start) continue;
      const first = t;
      while (tokens[t].end < end) t++;
      spans.push({ label, first, end: t + 1 });
      next++;
    }
    return encodeSpans(spans, tokens.length, tags);
  });
}
