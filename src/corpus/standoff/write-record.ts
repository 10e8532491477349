/** From a document to a record: what a format writes, with offsets in its unit. */
import { type Problem, TaggerError } from '../../core/errors.js';
import type { Document, Entity, Sentence } from '../../text/document.js';
import { offsetsOf } from '../../text/offsets.js';
import { decodeSpans } from '../../text/schemes.js';
import type { StandoffEntity, StandoffRecord, StandoffSettings } from './format.js';

/** Of stretches in a text. */
export function inOrder(a: Pick<Entity, 'start' | 'end'>, b: Pick<Entity, 'start' | 'end'>): number {
  return a.start - b.start || a.end - b.end;
}

export function toRecord(document: Document, settings: StandoffSettings): StandoffRecord {
  const { id, text, sentences, fields } = document;
  const { ofUtf16 } = offsetsOf(text, settings.unit);
  const tokens = sentences.map(({ tokens, columns, scores }) => {
    const labels = columns?.[settings.label];
    return tokens.map(({ text, start, end }, i) => {
      return { text, start: ofUtf16(start), end: ofUtf16(end), label: labels?.[i], score: scores?.[i] };
    });
  });
  const entities = (document.entities ?? entitiesOf(document, settings))?.map((entity) => {
    return { ...entity, start: ofUtf16(entity.start), end: ofUtf16(entity.end) };
  });
  return {
    id,
    text,
    entities: entities?.sort(inOrder),
    tokens: sentences.length > 0 ? tokens : undefined,
    fields,
  };
}

/** Those that the tags of a document say which has none of its own; nothing where there are no tags of spans. */
function entitiesOf(
  { text, sentences }: Document,
  { label, scheme }: StandoffSettings,
): Entity[] | undefined {
  if (scheme === 'none' || !sentences.some(({ columns }) => columns?.[label])) return undefined;
  return sentences.flatMap(({ tokens, columns }: Sentence) =>
    decodeSpans(columns?.[label] ?? [], scheme).map((span) => {
      const [start, end] = [tokens[span.first].start, tokens[span.end - 1].end];
      return { label: span.label, start, end, text: text.slice(start, end) };
    }),
  );
}

/**
 * The labelled stretches of a record to be written: its entities, and, where labels are of single tokens and the format has
 * no better place for them, every token. Undefined where nothing is known of it.
 */
export function stretchesOf(
  { entities, tokens = [] }: StandoffRecord,
  { scheme }: StandoffSettings,
): readonly StandoffEntity[] | undefined {
  if (scheme !== 'none') return entities;
  const labelled = tokens.flat().filter((token) => token.label !== undefined) as StandoffEntity[];
  if (labelled.length === 0) return entities;
  return [...(entities ?? []), ...labelled].sort(inOrder);
}

/** For a document that a format cannot hold. */
export function cannotHold({ id }: StandoffRecord, problem: Problem): TaggerError {
  return new TaggerError('E_DOCUMENT', { ...problem, place: { record: id } });
}

/** Half of a surrogate pair is no character of UTF-8: some formats and tools cannot hold it. */
export function expectWellFormed(record: StandoffRecord, name: string): void {
  if (!/\p{Surrogate}/u.test(record.text)) return;
  throw cannotHold(record, { message: `${name} cannot hold a lone surrogate`, hint: 'jsonl, which can' });
}
