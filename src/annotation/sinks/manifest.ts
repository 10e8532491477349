/** `….progress.json` beside an unfinished output: how far its run has come, and which run it is. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TaggerError } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';

const schema = 1;
const count = z.number().int().nonnegative();

const stateSchema = z.object({
  /** Absent before the first checkpoint. */
  progress: z.object({ position: z.unknown(), counts: z.record(z.string(), z.number()) }).optional(),
  /** How much of the file of errors is valid. */
  errors: z.object({ file: z.string(), bytes: count }).optional(),
  /** Everything is written, and the files are about to get their names. */
  isFinishing: z.boolean(),
  /** Of one file: how much of it is valid, and how many documents that is. */
  bytes: count.optional(),
  documents: count.optional(),
  /** Of a folder: the number of the chunk that is written last, and from which time on its files are those of this run. */
  chunk: count.optional(),
  began: z.number().optional(),
});

const manifestSchema = z.object({
  schema: z.literal(schema),
  ...stateSchema.shape,
  settings: z.record(z.string(), z.unknown()),
  /** The run that wrote this, and the process in which it is at work; absent when it has let go. */
  run: z.string(),
  process: z.object({ pid: count, host: z.string(), began: z.string().optional() }).optional(),
});

/** What a sink must know to go on. */
export type RunState = z.output<typeof stateSchema>;
export type Manifest = z.output<typeof manifestSchema>;

export const stateOf = (manifest: Manifest): RunState => stateSchema.parse(manifest);

export const encodeManifest = (manifest: Omit<Manifest, 'schema'>): string =>
  `${JSON.stringify({ schema, ...manifest }, undefined, 2)}\n`;

/** The manifest of an unfinished run; undefined where there is none. Throws E_RESUME for one that cannot be used. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw unusable(path, error.message);
    return undefined;
  });
  if (text === undefined) return undefined;
  const parsed = manifestSchema.safeParse(parseJson(text)?.value);
  if (parsed.success) return parsed.data;
  const [{ path: key, message }] = parsed.error.issues;
  throw unusable(path, key.length > 0 ? `${key.join('.')}: ${message}` : 'no JSON object');
}

function unusable(file: string, found: string): TaggerError {
  return new TaggerError('E_RESUME', {
    message: 'this record of an interrupted run cannot be used',
    place: { file },
    expected: `a whole manifest of schema ${schema}`,
    found,
    hint: '--force without --resume, which begins anew',
  });
}
