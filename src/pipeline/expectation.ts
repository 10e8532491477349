/**
 * What a schema expects at a path, in words. Reads the JSON schema that zod derives, which names bounds, choices
 * and keys in one public form, whatever zod types they were written with.
 */
import type { z } from 'zod';
import { child, type Path } from './source.js';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The part of a schema that governs a path; of alternatives, the one whose `kind` (or `format`) the value has. */
export function schemaAt(schema: JsonSchema, path: Path, value: unknown): JsonSchema | undefined {
  const chosen = choose(schema, value);
  const [key, ...rest] = path;
  if (key === undefined || !chosen) return chosen;
  const below = chosen.items ?? chosen.properties?.[key] ?? chosen.additionalProperties;
  return isSchema(below) ? schemaAt(below, rest, child(value, key)) : undefined;
}

function choose(schema: JsonSchema, value: unknown): JsonSchema | undefined {
  if (!schema.oneOf) return schema;
  const isMeant = ({ key, name }: Tag) => child(value, key) === name;
  return alternatives(schema).find((option) => tagsOf(option).some(isMeant)) ?? schema;
}

interface Tag {
  readonly key: string;
  readonly name: string;
}

/** The keys of an alternative that can have one value only: its `kind`, its `format`. */
function tagsOf(option: JsonSchema): Tag[] {
  return Object.entries(option.properties ?? {}).flatMap(([key, below]) =>
    isSchema(below) && typeof below.const === 'string' ? [{ key, name: below.const }] : [],
  );
}

/** The keys that a mapping may have. */
export const keysOf = (schema: JsonSchema): string[] => Object.keys(schema.properties ?? {});

/** Every path in a schema that ends with the key. */
export function pathsTo(key: string, schema: JsonSchema): string[] {
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, below]) => {
    const deeper = isSchema(below) ? pathsTo(key, below).map((path) => `${name}.${path}`) : [];
    return name === key ? [name, ...deeper] : deeper;
  });
  return [...new Set([...inside, ...alternatives(schema).flatMap((option) => pathsTo(key, option))])];
}

/** "a whole number from 1 to 8", "forward, backward or both", "true or false". */
export function describe(schema: JsonSchema): string {
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum) return listOf(schema.enum.map(String));
  const options = alternatives(schema);
  if (options.length > 0) {
    const tags = options.flatMap((option) => tagsOf(option).slice(0, 1));
    const isTagged = tags.length === options.length;
    return isTagged
      ? `a mapping of ${tags[0].key} ${listOf(tags.map(({ name }) => name))}`
      : listOf(options.map(describe));
  }
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'string':
      return schema.minLength ? 'text that is not empty' : 'text';
    case 'array':
      return schema.minItems ? `a list of at least ${schema.minItems}` : 'a list';
    default: {
      const keys = keysOf(schema);
      return keys.length > 0 ? `a mapping with the keys ${listOf(keys, 'and')}` : 'a mapping';
    }
  }
}

function range(schema: JsonSchema): string {
  // zod bounds every whole number by the largest exact one; nobody needs to read that.
  const bound = (value: number | undefined) =>
    Math.abs(value ?? 0) === Number.MAX_SAFE_INTEGER ? undefined : value;
  const [least, most] = [bound(schema.minimum), bound(schema.maximum)];
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  const bounds = [
    least !== undefined && `at least ${least}`,
    schema.exclusiveMinimum !== undefined && `above ${schema.exclusiveMinimum}`,
    most !== undefined && `at most ${most}`,
    schema.exclusiveMaximum !== undefined && `below ${schema.exclusiveMaximum}`,
  ].filter((part) => part !== false);
  return bounds.length > 0 ? `, ${bounds.join(' and ')}` : '';
}

export function listOf(words: readonly string[], and = 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`;
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].filter(isSchema);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}
