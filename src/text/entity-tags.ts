/** From entities by offset to a column of tags, one a token, and back. */
import { type AlignPolicy, alignSpans, type Misalignment } from './align-spans.js';
import type { Document, Entity, Sentence, Span } from './document.js';
import { decodeSpans, encodeSpans, type Scheme } from './schemes.js';

export interface TagOptions {
  /** The name of the column. */
  readonly label: string;
  readonly policy: AlignPolicy;
}

/**
 * The document with the column `label` of BIOES tags for its entities. What is `refused` among the misaligned is only
 * marked: it is for the caller to throw.
 */
export function withTags(
  document: Document,
  { label, policy }: TagOptions,
): { document: Document; misaligned: readonly Misalignment[] } {
  const { text, entities = [] } = document;
  const aligned = alignSpans(text, document.sentences, entities, policy);
  const sentences = aligned.sentences.map((sentence, s) => {
    const tags = encodeSpans(aligned.spans[s], sentence.tokens.length, 'bioes');
    return { ...sentence, columns: { ...sentence.columns, [label]: tags } };
  });
  return { document: { ...document, sentences }, misaligned: aligned.misaligned };
}

/** The document with the entities that its column `label` writes; with scheme `none`, which writes none, as it is. */
export function withEntities(document: Document, label: string, scheme: Scheme): Document {
  if (scheme === 'none') return document;
  const { text, sentences } = document;
  const entities = sentences.flatMap((sentence) =>
    decodeSpans(sentence.columns?.[label] ?? [], scheme).map((span) => entityOf(span, sentence, text)),
  );
  return { ...document, entities };
}

/** What a span of a sentence is in the document's text. */
export function entityOf(
  { label, first, end, score }: Span & { score?: number },
  { tokens }: Pick<Sentence, 'tokens'>,
  text: string,
): Entity {
  const [from, to] = [tokens[first].start, tokens[end - 1].end];
  const entity = { label, start: from, end: to, text: text.slice(from, to) };
  return score === undefined ? entity : { ...entity, score };
}
