/** Random documents as a model annotates them, with every text that makes offsets go wrong. */
import type { AnnotatedDocument, Span } from '../../src/text/document.js';
import { encodeSpans } from '../../src/text/schemes.js';
import { randomDocument } from '../conformance/standoff-documents.js';
import type { Random } from '../conformance/standoff-text.js';

export const labels = ['LOC', 'PER', 'x-y', 'Ü', '中'];
export const column = 'ner';

/** Spans of tokens in each sentence, in its column of tags and in the entities; scores for all. */
export function annotatedDocument(random: Random, id: string, lone = false): AnnotatedDocument {
  const { text, sentences, fields } = randomDocument(random, { lone });
  const spans = sentences.map(({ tokens }) => spansOf(random, tokens.length));
  return {
    id,
    text,
    fields,
    sentences: sentences.map(({ tokens }, s) => ({
      tokens,
      columns: { [column]: encodeSpans(spans[s], tokens.length, 'bioes') },
      scores: tokens.map(() => random.below(1000) / 1000),
    })),
    entities: sentences.flatMap(({ tokens }, s) =>
      spans[s].map(({ label, first, end }) => {
        const [from, to] = [tokens[first].start, tokens[end - 1].end];
        return { label, start: from, end: to, text: text.slice(from, to), score: random.below(1000) / 1000 };
      }),
    ),
  };
}

/** A label for each token instead. */
export function labelledDocument(random: Random, id: string, names = labels): AnnotatedDocument {
  const document = annotatedDocument(random, id);
  const sentences = document.sentences.map((sentence) => ({
    ...sentence,
    columns: { [column]: sentence.tokens.map(() => random.pick(names)) },
  }));
  return { ...document, sentences, entities: [] };
}

function spansOf(random: Random, length: number): Span[] {
  const spans: Span[] = [];
  for (let first = random.below(3); first < length; ) {
    const end = Math.min(length, first + 1 + random.below(3));
    spans.push({ label: random.pick(labels), first, end });
    first = end + random.below(3);
  }
  return spans;
}
