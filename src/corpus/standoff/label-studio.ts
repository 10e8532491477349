/**
 * Label Studio (https://labelstud.io/guide/task_format), an array of tasks. A task has its text in `data` and its regions in
 * `annotations`, or in `predictions` if they are a model's guesses; the first annotation that was not cancelled is read,
 * else the first prediction. Its smaller export, JSON_MIN, is read as well. Offsets are code points, in exports from before
 * 2022 UTF-16; stored texts have `\n` spelled out.
 */
import { z } from 'zod';
import type { JsonStandoffKind, ReadingContext, StandoffEntity, StandoffSettings } from './format.js';
import { idOf, idSchema, labelSchema, numberOrText, offset, othersOf, withFields } from './shapes.js';
import { stretchesOf } from './write-record.js';

const labelled = z.object({
  start: offset,
  end: offset,
  text: z.string().nullish(),
  labels: z.array(labelSchema),
});
const region = z.object({ type: z.literal('labels'), value: labelled, score: z.number().nullish() });
const other = z.object({ type: z.string().refine((type) => type !== 'labels', { abort: true }) });
const result = z.array(z.union([region, other]));

const task = z.object({
  id: idSchema,
  data: z.object({ id: idSchema, text: z.string() }),
  annotations: z.array(z.object({ result, was_cancelled: z.boolean().nullish() })).optional(),
  predictions: z.array(z.object({ result })).optional(),
});
const small = z.object({ id: idSchema, text: z.string(), label: z.array(labelled).optional() });
const schema = z.union([task, small]);

type Task = z.output<typeof task>;
type Small = z.output<typeof small>;
type Labelled = z.output<typeof labelled>;
type Result = z.output<typeof result>;

/** Keys of a task beside those of its data; what else a document came with belongs to the data. */
const taskKeys = [
  ...['id', 'meta', 'inner_id', 'project', 'file_upload', 'drafts', 'overlap', 'is_labeled'],
  ...['created_at', 'updated_at', 'updated_by', 'total_annotations', 'cancelled_annotations'],
  ...['total_predictions', 'comment_count', 'unresolved_comment_count', 'comment_authors'],
  'last_comment_updated_at',
];

export const labelStudio: JsonStandoffKind<Task | Small> = {
  summary: 'JSON of Label Studio: tasks with annotations or predictions',
  unit: 'codepoint',
  layout: 'array',
  schema,
  normalize: (text) => text.replace(/\r|\n|\\n/g, '\\n'),
  parse: (value, context) => ('data' in value ? readTask(value, context) : readSmall(value, context)),
  format(record, settings) {
    const { id, text, fields = {} } = record;
    const number = numberOrText(id);
    // An id of Label Studio is a number; any other is kept with the data.
    const hasOwnId = typeof number === 'number' && !('id' in fields);
    const ofTask = Object.fromEntries(Object.entries(fields).filter(([key]) => taskKeys.includes(key)));
    const data = withFields({ id: hasOwnId ? undefined : id, text }, othersOf(fields, taskKeys));
    const regions = stretchesOf(record, settings)?.map(formatRegion);
    return { ...(hasOwnId && { id: number }), data, ...resultOf(regions, settings), ...ofTask };
  },
};

function readTask(value: Task, context: ReadingContext) {
  const { annotations = [], predictions = [], data } = value;
  const [first, ...further] = annotations.filter(({ was_cancelled }) => !was_cancelled);
  const cancelled = annotations.length - further.length - (first ? 1 : 0);
  for (let i = 0; i < cancelled; i++) context.ignore('cancelled annotation');
  for (const _ of further) context.ignore('further annotation of the same text');
  const chosen = first ?? predictions[0];
  const hasOwnId = data.id !== undefined && data.id !== null;
  return {
    id: idOf(hasOwnId ? data.id : value.id, context),
    text: data.text,
    entities: chosen && entitiesOf(chosen.result, context),
    fields: {
      ...othersOf(value, ['data', 'annotations', 'predictions', ...(hasOwnId ? [] : ['id'])]),
      ...othersOf(data, ['id', 'text']),
    },
  };
}

/** In JSON_MIN the regions have the key of their control tag, `label` unless the project calls it otherwise. */
function readSmall(value: Small, context: ReadingContext) {
  const others = Object.entries(othersOf(value, ['id', 'text']));
  const isRegions = (item: unknown) => z.array(labelled).min(1).safeParse(item).success;
  const regions = others.filter(([key, item]) => key === 'label' || isRegions(item));
  const entities = regions.flatMap(([, items]) =>
    (items as Labelled[]).flatMap((item) => readLabelled(item, context)),
  );
  const isAnnotated = regions.length > 0 || 'annotation_id' in value;
  return {
    id: idOf(value.id, context),
    text: value.text,
    entities: isAnnotated ? entities : undefined,
    fields: othersOf(value, ['id', 'text', ...regions.map(([key]) => key)]),
  };
}

function entitiesOf(result: Result, context: ReadingContext): StandoffEntity[] {
  return result.flatMap((item) => {
    if (isRegion(item)) return readLabelled(item.value, context, item.score);
    context.ignore(`region of type "${item.type}"`, JSON.stringify(item));
    return [];
  });
}

function isRegion(item: Result[number]): item is z.output<typeof region> {
  return item.type === 'labels';
}

/** A region may have several labels, each of which is an entity. */
function readLabelled(value: Labelled, context: ReadingContext, score?: number | null): StandoffEntity[] {
  const { labels, start, end, text } = value;
  if (labels.length === 0) context.ignore('region without a label', JSON.stringify(value));
  return labels.map((label) => ({ label, start, end, text: text ?? undefined, score: score ?? undefined }));
}

function resultOf(regions: readonly object[] | undefined, { predicted }: StandoffSettings) {
  if (!regions) return {};
  return predicted
    ? { predictions: [{ model_version: 'tagger', result: regions }] }
    : { annotations: [{ result: regions }] };
}

/** The names are those of Label Studio's own template for named entities. */
function formatRegion({ label, start, end, text, score }: StandoffEntity, index: number) {
  const value = { start, end, text, labels: [label] };
  return { id: `${index + 1}`, from_name: 'label', to_name: 'text', type: 'labels', value, score };
}
