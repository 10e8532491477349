/** Every key of a pipeline with its default, from the schemas, as the rows that README's tables must have. */
import { z } from 'zod';
import { corpusSchema } from '../../src/corpus/description.js';
import { schemaFor } from '../../src/pipeline/schema.js';
import { expand } from '../../src/pipeline/shorthands.js';

export interface KeyRow {
  /** The heading in README whose section has the row. */
  readonly section: string;
  /** The first cells of the row: kind (in tables of kinds), key, default. */
  readonly cells: readonly string[];
}

/** The JSON schema of what a user may write, as far as it is read here. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
}

const REQUIRED = 'required';
const NONE = '–';

const jsonSchema = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;

function show(value: unknown): string {
  if (value === undefined) return NONE;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return String((value as { kind?: string }).kind ?? '{}');
  return String(value);
}

/** The rows of a mapping's keys; `usual` holds the defaults that the schema does not. Tables of kinds have rows of their own. */
function rowsOf(section: string, schema: Schema, prefix: string, usual: object = {}): KeyRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const key = prefix + name;
    const known = value.default ?? (usual as Record<string, unknown>)[name];
    const isRequired = known === undefined && schema.required?.includes(name);
    const row = { section, cells: [key, isRequired ? REQUIRED : show(known)] };
    return value.properties ? [row, ...rowsOf(section, value, `${key}.`)] : [row];
  });
}

/** A row for every kind of a table, and one for each of its keys. */
function kindRows(section: string, { oneOf = [] }: Schema, but: readonly string[] = []): KeyRow[] {
  return oneOf.flatMap(({ properties = {}, required }) => {
    const kind = String(properties.kind.const);
    const keys = Object.entries(properties).filter(([key]) => key !== 'kind' && !but.includes(key));
    return [
      { section, cells: [kind] },
      ...keys.map(([key, value]) => {
        const isRequired = value.default === undefined && required?.includes(key);
        return { section, cells: [kind, key, isRequired ? REQUIRED : show(value.default)] };
      }),
    ];
  });
}

export function pipelineKeyRows(): KeyRow[] {
  const pipeline = jsonSchema(schemaFor({ corpus: { name: 'any' } }));
  const { corpus, tokenizer, embeddings, encoder, decoder, training, evaluation, ...others } =
    pipeline.properties!;
  // What a pipeline that leaves everything out is filled in with.
  const usual = expand({}) as Record<string, Readonly<Record<string, unknown>>>;
  const stages = { tokenizer, embeddings, encoder, decoder };
  return [
    { section: 'Stages', cells: ['corpus', REQUIRED] },
    ...Object.keys(others).map((key) => ({
      section: 'Stages',
      cells: [key, key === 'name' ? "the file's name" : show(others[key].default)],
    })),
    ...Object.keys(stages).map((key) => ({ section: 'Stages', cells: [key, show(usual[key])] })),
    { section: 'Stages', cells: ['training', '{}'] },
    { section: 'Stages', cells: ['evaluation', '{}'] },
    ...rowsOf('`corpus`, by name', corpus, 'corpus.'),
    ...descriptionRows(),
    ...kindRows('`tokenizer`', tokenizer, ['sentences']),
    { section: '`tokenizer`', cells: ['tokenizer.sentences', show(usual.tokenizer.sentences)] },
    ...kindRows('`tokenizer.sentences`', tokenizer.oneOf![0].properties!.sentences),
    ...kindRows('`embeddings`', embeddings.items!),
    ...kindRows('`encoder`', encoder),
    ...kindRows('`decoder`', decoder),
    ...decoder.oneOf!.flatMap(({ properties = {} }) =>
      kindRows('`decoder.sampling`', properties.sampling ?? {}),
    ),
    ...rowsOf('`training`', training, 'training.', usual.training),
    ...kindRows('`training.optimizer`', training.properties!.optimizer),
    ...kindRows('`training.schedule`', training.properties!.schedule),
    ...kindRows('`training.average`', training.properties!.average),
    ...rowsOf('`evaluation`', evaluation, 'evaluation.'),
    ...kindRows('`baselines`', others.baselines.items!),
    ...rowsOf('`search`', others.search, 'search.'),
  ];
}

/** Keys that all formats share have one row, those of one format are told apart by it. */
function descriptionRows(): KeyRow[] {
  const formats = jsonSchema(corpusSchema).oneOf ?? [];
  const section = '`corpus`, described';
  const usual = corpusSchema.parse({ format: 'brown', files: { train: '_', dev: '_' } });
  const shared = Object.keys(formats[0].properties ?? {}).filter((key) =>
    formats.every(({ properties }) => properties?.[key]),
  );
  return formats.flatMap(({ properties = {}, required }) => {
    const pick = (wanted: (key: string) => boolean) => ({
      properties: Object.fromEntries(
        Object.entries(properties).filter(([key]) => key !== 'format' && wanted(key)),
      ),
      required,
    });
    const format = String(properties.format.const);
    const { name, scheme } = usual;
    return [
      { section, cells: ['format', REQUIRED] },
      ...rowsOf(
        section,
        pick((key) => shared.includes(key)),
        '',
        { name, scheme },
      ),
      { section: 'Formats', cells: [format] },
      ...rowsOf(
        'Formats',
        pick((key) => !shared.includes(key)),
        '',
      ).map(({ cells }) => ({
        section: 'Formats',
        cells: [format, ...cells],
      })),
    ];
  });
}
