/**
 * Prodigy (https://prodi.gy/docs/api-interfaces), a JSON object a line: `spans` are entities, `tokens` those of spaCy, and
 * `answer` what an annotator said of the record. One that was rejected or ignored is left out, which is reported. Offsets
 * are code points, as spaCy's are.
 */
import { z } from 'zod';
import { offsetsOf } from '../../text/offsets.js';
import type { JsonStandoffKind, StandoffEntity } from './format.js';
import { idOf, idSchema, labelSchema, offset, othersOf, withFields } from './shapes.js';
import { isSpace, spacyTokens, tokenSpans } from './spacy-tokens.js';
import { stretchesOf } from './write-record.js';

const stretch = { start: offset, end: offset, text: z.string().optional() };

const schema = z.object({
  id: idSchema,
  text: z.string(),
  tokens: z.array(z.object(stretch)).optional(),
  spans: z.array(z.object({ ...stretch, label: labelSchema, score: z.number().optional() })).optional(),
  answer: z.string().nullish(),
});

const accepted = 'accept';

export const prodigy: JsonStandoffKind<z.output<typeof schema>> = {
  summary: 'JSON lines of Prodigy',
  unit: 'codepoint',
  layout: 'lines',
  schema,
  parse(value, context) {
    const { id, text, tokens, spans, answer } = value;
    if (answer && answer !== accepted) {
      context.ignore(`record answered "${answer}"`);
      return undefined;
    }
    const { toUtf16 } = offsetsOf(text, context.unit);
    const words = tokens?.filter(({ start, end }) => !isSpace(text.slice(toUtf16(start), toUtf16(end))));
    const entities = spans ?? (answer ? [] : undefined);
    return {
      id: idOf(id, context),
      text,
      ...(words && { tokens: [words.map(({ start, end, text }) => ({ start, end, text }))] }),
      ...(entities && { entities: entities.map(readSpan) }),
      fields: othersOf(value, ['id', 'text', 'tokens', 'spans', 'answer']),
    };
  },
  format(record, settings) {
    const { id, text, fields } = record;
    const tokens = record.tokens && spacyTokens(record, offsetsOf(text, settings.unit));
    const find = tokenSpans(tokens ?? []);
    const spans = stretchesOf(record, settings)?.map((entity) => {
      const { label, start, end, score } = entity;
      const found = find(entity);
      return { start, end, token_start: found?.first, token_end: found?.last, label, score };
    });
    const own = {
      text,
      id,
      tokens: tokens?.map(({ text, start, end, space }, i) => ({ text, start, end, id: i, ws: space })),
      spans,
      answer: spans && !settings.predicted ? accepted : undefined,
    };
    return withFields(own, fields);
  },
};

function readSpan({ label, start, end, text, score }: StandoffEntity): StandoffEntity {
  return { label, start, end, text, score };
}
