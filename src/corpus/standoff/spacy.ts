/**
 * spaCy 3, an object as `Doc.to_json()` makes it and `Doc.from_json()` takes it (https://spacy.io/api/doc#to_json), a line a
 * document: text, ents, sents and tokens; displaCy's manual mode takes it too. Labels of tokens are in `tag`, and in `pos`
 * where all are parts of speech of Universal Dependencies, for which spaCy checks; either is read. Offsets are code points.
 * A document without tokens is written without them, which only displaCy takes.
 */
import { z } from 'zod';
import { offsetsOf } from '../../text/offsets.js';
import type {
  JsonStandoffKind,
  ReadingContext,
  StandoffEntity,
  StandoffRecord,
  StandoffSettings,
  StandoffToken,
} from './format.js';
import { excerpt } from './json-records.js';
import { idOf, idSchema, labelSchema, offset, othersOf, withFields } from './shapes.js';
import { isSpace, type SpacyToken, spacyTokens, tokenSpans } from './spacy-tokens.js';
import { cannotHold, expectWellFormed } from './write-record.js';

const stretch = { start: offset, end: offset };
const token = z.object({ ...stretch, tag: z.string().optional(), pos: z.string().optional() });

const schema = z.object({
  id: idSchema,
  text: z.string(),
  ents: z.array(z.object({ ...stretch, label: labelSchema, text: z.string().optional() })).optional(),
  sents: z.array(z.object(stretch)).optional(),
  tokens: z.array(token).optional(),
});

type Shape = z.output<typeof schema>;

/** Columns whose labels are looked for in `pos` first. */
const partsOfSpeech = ['pos', 'upos'];
const universal = new Set(
  'ADJ ADP ADV AUX CCONJ CONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SPACE SYM VERB X'.split(' '),
);
/** What spaCy itself calls white space. */
const space = { tag: '_SP', pos: 'SPACE' };

export const spacy: JsonStandoffKind<Shape> = {
  summary: "JSON lines of spaCy's Doc.to_json, also for displaCy",
  unit: 'codepoint',
  layout: 'lines',
  schema,
  parse(value, context) {
    const { id, text, ents } = value;
    return {
      id: idOf(id, context),
      text,
      entities: ents?.map(({ label, start, end, text }) => ({ label, start, end, text })),
      tokens: readTokens(value, context),
      fields: othersOf(value, ['id', 'text', 'ents', 'sents', 'tokens']),
    };
  },
  format(record, settings) {
    const { id, text, entities, fields } = record;
    expectWellFormed(record, 'spaCy');
    expectApart(record, entities);
    const isCut = record.tokens || text === '' || isSpace(text);
    const tokens = isCut ? spacyTokens(record, offsetsOf(text, settings.unit)) : undefined;
    if (tokens) expectOnEdges(record, tokens);
    const own = {
      text,
      ents: entities?.map(({ start, end, label }) => ({ start, end, label })),
      sents: tokens && sentencesOf(tokens),
      tokens: tokens && formatTokens(tokens, settings),
      id,
    };
    return withFields(own, fields);
  },
};

/** One list a sentence; what no sentence covers belongs to that before it. */
function readTokens({ text, tokens, sents = [] }: Shape, { unit, label }: ReadingContext) {
  if (!tokens) return undefined;
  const { toUtf16 } = offsetsOf(text, unit);
  const words = tokens.filter(({ start, end }) => !isSpace(text.slice(toUtf16(start), toUtf16(end))));
  const keys = partsOfSpeech.includes(label) ? (['pos', 'tag'] as const) : (['tag', 'pos'] as const);
  const key = keys.find((key) => words.every((word) => word[key]));
  const starts = sents.map(({ start }) => start).sort((a, b) => a - b);
  const sentences = new Map<number, StandoffToken[]>();
  let sentence = 0;
  for (const { start, end, ...word } of words) {
    while (starts[sentence + 1] <= start) sentence++;
    const list = sentences.get(sentence) ?? [];
    list.push({ start, end, label: key && word[key] });
    sentences.set(sentence, list);
  }
  return [...sentences.values()];
}

/** From the first token of each to the last, white space between two belonging to the first. */
function sentencesOf(tokens: readonly SpacyToken[]) {
  const sentences = new Map<number, { start: number; end: number }>();
  for (const { sentence, start, end } of tokens) {
    sentences.set(sentence, { start: sentences.get(sentence)?.start ?? start, end });
  }
  return [...sentences.values()];
}

function formatTokens(tokens: readonly SpacyToken[], { scheme }: StandoffSettings) {
  const own = tokens.filter((token) => token.own);
  const hasTags = scheme === 'none' && own.length > 0 && own.every(({ label }) => label !== undefined);
  const hasPos = hasTags && own.every(({ label }) => universal.has(label as string));
  return tokens.map(({ start, end, label, own }, id) => {
    const { tag, pos } = own ? { tag: label, pos: label } : space;
    return { id, start, end, tag: hasTags ? tag : undefined, pos: hasPos ? pos : undefined };
  });
}

/** In `ents` a token belongs to one entity at most. */
function expectApart(record: StandoffRecord, entities: readonly StandoffEntity[] = []): void {
  let before: StandoffEntity | undefined;
  for (const entity of entities) {
    if (before && entity.start < before.end) {
      const [a, b] = [before, entity].map(show);
      throw cannotHold(record, { message: `spaCy cannot hold entities that overlap: ${a} and ${b}` });
    }
    before = entity;
  }
}

function expectOnEdges(record: StandoffRecord, tokens: readonly SpacyToken[]): void {
  const find = tokenSpans(tokens);
  const wrong = record.entities?.find((entity) => !find(entity));
  if (!wrong) return;
  const message = `spaCy cannot hold an entity that does not fall on edges of tokens: ${show(wrong)}`;
  throw cannotHold(record, { message });
}

function show({ label, text = '' }: StandoffEntity): string {
  return `${label} ${excerpt(text)}`;
}
