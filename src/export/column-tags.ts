/** The tags of a document's sentences as a file of columns has them. */
import { TaggerError } from '../core/errors.js';
import type { AnnotatedDocument, Entity, Span } from '../text/document.js';
import { encodeSpans } from '../text/schemes.js';
import type { OutputOptions } from './format.js';

/**
 * Those of the entities, which may be fewer than the tags of the model tell (`--min-score`), in the scheme of the file; labels
 * of single tokens as they are. A list a sentence. Throws E_DOCUMENT for an entity that is no run of tokens of one sentence.
 */
export function columnTags(
  document: AnnotatedDocument,
  { label, scheme, tags = 'bio' }: OutputOptions,
): (readonly string[])[] {
  const { sentences, entities } = document;
  if (scheme === 'none') return sentences.map(({ columns }) => columns?.[label] ?? []);
  let next = 0;
  const written = sentences.map(({ tokens }) => {
    const spans: Span[] = [];
    for (let t = 0; t < tokens.length && next < entities.length; t++) {
      const { label, start, end } = entities[next];
      if (tokens[t].start !== start) continue;
      const first = t;
      while (t < tokens.length - 1 && tokens[t].end < end) t++;
      if (tokens[t].end !== end) throw offEdges(document, entities[next]);
      spans.push({ label, first, end: t + 1 });
      next++;
    }
    return encodeSpans(spans, tokens.length, tags);
  });
  if (next < entities.length) throw offEdges(document, entities[next]);
  return written;
}

function offEdges({ id }: AnnotatedDocument, { label, start, end, text }: Entity): TaggerError {
  return new TaggerError('E_DOCUMENT', {
    message: 'columns of tags cannot hold this entity',
    place: { record: id },
    expected: 'a run of tokens of one sentence',
    found: `${label} ${start} to ${end}, ${JSON.stringify(text)}`,
    hint: 'a format of offsets, such as jsonl',
  });
}
