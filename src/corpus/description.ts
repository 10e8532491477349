/**
 * The description of a corpus: the content of `corpora/NAME.yaml`, and of `corpus:` in a pipeline that describes its
 * own files. Checked by zod; an unknown key is refused.
 */
import { z } from 'zod';
import { schemeByName } from '../text/schemes.js';
import { type FormatName, type FormatOptions, formats } from './index.js';

const text = z.string().min(1);
const oneOrMore = z.union([text.transform((pattern) => [pattern]), z.array(text).min(1)]);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 is 64 hexadecimal digits in lower case');

const schemeNames = { auto: 'auto', ...schemeByName } as const;
type SchemeName = keyof typeof schemeNames;

/** A scheme by any of its names, or `auto` for the one that the tags show. */
export const schemeSchema = z
  .enum(Object.keys(schemeNames) as [SchemeName, ...SchemeName[]])
  .transform((name) => schemeNames[name]);

/** Names or patterns (`*` and `?` within a name) of the files of each split, relative to the corpus's folder. */
export const filesSchema = z.strictObject({
  train: oneOrMore,
  dev: oneOrMore,
  test: oneOrMore.optional(),
});

/**
 * For a corpus without splits: its files, in order of their names, are dealt out in turn to `folds` folds, numbered
 * from 1. The folds `dev` and `test` are those splits; all others are train.
 */
export const splitSchema = z
  .strictObject({
    files: oneOrMore,
    folds: z.int().min(2),
    dev: z.int().min(1),
    test: z.int().min(1).optional(),
  })
  .refine(({ folds, dev, test }) => dev <= folds && (test ?? 1) <= folds, 'there are only `folds` folds')
  .refine(({ dev, test }) => dev !== test, '`dev` and `test` are different folds');

const common = {
  name: text.default('corpus'),
  title: text.optional(),
  task: z.enum(['ner', 'chunk', 'pos']).optional().describe('what `label` holds'),
  label: text
    .optional()
    .describe('the column to learn; the last column, `upos` or `pos` where it is left out'),
  scheme: schemeSchema.default('auto'),
  files: filesSchema.optional(),
  split: splitSchema.optional(),
  licence: text.optional(),
  source: text.optional().describe('where it comes from'),
  get: text.optional().describe('how to get it, for someone who does not have it'),
  package: text.optional().describe('the npm package that holds it'),
  sha256: z
    .union([sha256, z.record(text, sha256)])
    .optional()
    .describe('by name of file, or one of all files together in order of their names'),
};

/** Everything about a corpus but the options of its format. */
const commonSchema = z.object(common);
export type CorpusDescription = z.output<typeof commonSchema> & FormatOptions;

function inFormat(name: string) {
  const { options } = formats[name as FormatName];
  return z
    .strictObject({ ...common, format: z.literal(name), ...options })
    .refine(({ files, split }) => (files === undefined) !== (split === undefined), {
      message: 'either `files` or `split` says which files belong to which split',
      path: ['files'],
    });
}

const [first, ...others] = Object.keys(formats).map(inFormat);

/** One branch for each entry of the table of formats, which is why the type has to be told. */
export const corpusSchema = z.discriminatedUnion('format', [
  first,
  ...others,
]) as unknown as z.ZodType<CorpusDescription>;
