/**
 * doccano (https://github.com/doccano/doccano), a JSON object a line: `label` has lists of start, end and label; projects
 * with relations have `entities` and `relations` in its place, versions before 1.1 `labels`. All are read, `label` is
 * written. Offsets are UTF-16 code units: its web page counts them, and its server stores what it is told.
 */
import { z } from 'zod';
import type { JsonStandoffKind } from './format.js';
import { idOf, idSchema, labelSchema, numberOrText, offset, othersOf, withFields } from './shapes.js';
import { stretchesOf } from './write-record.js';

const triples = z.array(z.tuple([offset, offset, labelSchema])).optional();
const entity = z.object({ start_offset: offset, end_offset: offset, label: labelSchema });

const schema = z.object({
  id: idSchema,
  text: z.string(),
  label: triples,
  labels: triples,
  entities: z.array(entity).optional(),
  relations: z.array(z.unknown()).optional(),
});

type Shape = z.output<typeof schema>;

export const doccano: JsonStandoffKind<Shape> = {
  summary: 'JSON lines of doccano',
  unit: 'utf16',
  layout: 'lines',
  schema,
  parse(value, context) {
    for (const relation of value.relations ?? []) context.ignore('relation', JSON.stringify(relation));
    return {
      id: idOf(value.id, context),
      text: value.text,
      entities: entitiesOf(value),
      fields: othersOf(value, ['id', 'text', 'label', 'labels', 'entities', 'relations']),
    };
  },
  format(record, settings) {
    const label = stretchesOf(record, settings)?.map(({ start, end, label }) => [start, end, label]);
    return withFields({ id: numberOrText(record.id), text: record.text, label }, record.fields);
  },
};

function entitiesOf({ label, labels, entities }: Shape) {
  const lists = label ?? labels;
  return (
    lists?.map(([start, end, label]) => ({ label, start, end })) ??
    entities?.map(({ label, start_offset, end_offset }) => ({ label, start: start_offset, end: end_offset }))
  );
}
