/**
 * What tagger itself writes, a JSON object a line: `id`, `text`, `tokens` and `entities` with offsets, then what else a
 * document came with. The `label` of a token is its part of speech or the like, `tag` is that of a model of spans, written
 * where it has a score. A record of tokens alone has their strings in `tokens` and no `text`.
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
import { idOf, idSchema, labelSchema, offset, othersOf, withFields } from './shapes.js';

const stretch = { start: offset, end: offset, text: z.string().optional(), score: z.number().optional() };
const token = z.object({ ...stretch, label: z.string().optional(), tag: z.string().optional() });

const schema = z
  .object({
    id: idSchema,
    text: z.string().optional(),
    tokens: z.array(z.union([token, z.string()])).optional(),
    entities: z.array(z.object({ ...stretch, label: labelSchema })).optional(),
  })
  .refine(({ text, tokens }) => text !== undefined || tokens?.every((item) => typeof item === 'string'), {
    message: 'without a text, `tokens` is a list of strings',
    path: ['text'],
  })
  .refine(({ text, tokens }) => text === undefined || !tokens?.some((item) => typeof item === 'string'), {
    message: 'beside a text, tokens have their offsets: `{"text", "start", "end"}`',
    path: ['tokens'],
  });

type Shape = z.output<typeof schema>;

export const jsonl: JsonStandoffKind<Shape> = {
  summary: 'JSON lines of tagger itself: id, text, tokens and entities with offsets, and other fields',
  unit: 'utf16',
  layout: 'lines',
  schema,
  parse(value, context) {
    const { id, text, tokens, entities } = value;
    return {
      id: idOf(id, context),
      ...(text === undefined ? joined(tokens as string[], context) : { text, ...readTokens(tokens) }),
      ...(entities && { entities }),
      fields: othersOf(value, ['id', 'text', 'tokens', 'entities']),
    };
  },
  format({ id, text, tokens, entities, fields }, settings) {
    // What was predicted has both lists, empty or not.
    const empty = settings.predicted ? [] : undefined;
    const own = {
      id,
      text,
      tokens: tokens?.flat().map(showToken(settings)) ?? empty,
      entities: entities?.map(showEntity) ?? empty,
    };
    return withFields(own, fields);
  },
};

function readTokens(tokens: Shape['tokens']): Pick<StandoffRecord, 'tokens'> {
  if (!tokens) return {};
  const read = (tokens as z.output<typeof token>[]).map(
    ({ text, start, end, label, tag, score }): StandoffToken => ({
      text,
      start,
      end,
      label: label ?? tag,
      score,
    }),
  );
  return { tokens: [read] };
}

/** Tokens that come without a text stand in one with a space between them. */
function joined(
  tokens: readonly string[],
  { unit }: ReadingContext,
): Pick<StandoffRecord, 'text' | 'tokens'> {
  let next = 0;
  const placed = tokens.map((text) => {
    const start = next;
    const end = start + offsetsOf(text, unit).length;
    next = end + 1;
    return { text, start, end };
  });
  return { text: tokens.join(' '), tokens: [placed] };
}

/** The tags of spans say nothing that the entities do not, unless they have a score. */
function showToken({ scheme }: StandoffSettings) {
  const isLabelled = scheme === 'none';
  return ({ text, start, end, label, score }: StandoffToken) =>
    isLabelled
      ? { text, start, end, label, score }
      : { text, start, end, tag: score === undefined ? undefined : label, score };
}

function showEntity({ label, start, end, text, score }: StandoffEntity) {
  return { label, start, end, text, score };
}
