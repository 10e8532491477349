/** Documents from files, folders and streams. To add a format: a file like `lines.ts`, and a line in the table. */
import { z } from 'zod';
import { TaggerError } from '../../core/errors.js';
import type { Decode, Source } from '../source.js';
import { gzipEnding } from './bytes.js';
import { conll } from './conll.js';
import { conllu } from './conllu.js';
import { csv, tsv } from './csv.js';
import { type Choice, walk } from './inputs.js';
import { jsonl } from './jsonl.js';
import { limits, type SourceKind } from './kind.js';
import { lines } from './lines.js';
import { flags, readOptions } from './options.js';
import { ownFiles } from './own-files.js';
import { recordsOf } from './records.js';
import { bytesOf, expectInputs } from './survey.js';
import { text } from './text.js';

export { writtenFields } from './fields.js';
export { flags as sourceFlags } from './options.js';

/** Where several have the same ending, a file is taken for the first. */
export const sourceKinds = { text, lines, jsonl, csv, tsv, conll, conllu } satisfies Record<
  string,
  SourceKind
>;

export type SourceFormat = keyof typeof sourceKinds;

const formatNames = Object.keys(sourceKinds) as [SourceFormat, ...SourceFormat[]];

/** Checks options and fills in what is left out. */
export const sourceOptions = z.strictObject({
  from: z
    .enum(formatNames)
    .optional()
    .describe('the format of all inputs (default: as the ending says, else text)'),
  ...readOptions,
});

/** Plain data, the same for reading and for decoding in a worker. */
export type SourceOptions = z.input<typeof sourceOptions>;

export interface OpenOptions {
  /** What `-` stands for; the stdin of the process by default. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** What the run writes: left out in folders and patterns, and refused as an input of its own. */
  readonly written?: readonly string[];
}

/**
 * The records of files, folders (all files in them with an ending of the format, or of any), patterns (`*`, `?`, `**`)
 * and stdin (`-`), plain or compressed by gzip. Whatever their number and size, one file is open and the beginning of
 * one record in memory. The bytes of a record have a buffer of their own, which may be transferred; `head` is shared.
 * Throws E_USAGE for wrong options and an input that the run itself writes, E_FILE_MISSING where one names nothing;
 * `records` throws E_RESUME where the inputs are not those that had the position. What goes wrong later is a lost record.
 *
 * @example
 * const source = await openSource(['texts/', 'more.jsonl.gz'], {});
 * const decode = decoderOf({});
 * for await (const record of source.records()) if (record.kind === 'record') console.log(await decode(record));
 */
export async function openSource(
  inputs: readonly string[],
  options: SourceOptions = {},
  { stdin, written = [] }: OpenOptions = {},
): Promise<Source> {
  const settled = settle(options);
  const endings = (settled.from ? [sourceKinds[settled.from]] : Object.values(sourceKinds)).flatMap(
    (kind) => kind.endings,
  );
  const choice: Choice = {
    fits: (name) => endings.some((ending) => hasEnding(name, ending)),
    own: await ownFiles(written),
  };
  await expectInputs(
    inputs,
    choice,
    `names that end in ${[...new Set(endings)].join(', ')}, or that and ${gzipEnding}`,
  );
  return {
    bytes: await bytesOf(inputs, choice),
    records: (from) =>
      recordsOf(
        {
          inputs: walk(inputs, choice),
          stdin,
          cutterOf: (name) => kindOf(name, settled).cutter(settled, limits),
        },
        from,
      ),
  };
}

/** Decodes the records of a source with the same options. Throws E_USAGE for wrong options. */
export function decoderOf(options: SourceOptions = {}): Decode {
  const settled = settle(options);
  const decoders = new Map<SourceKind, Decode>();
  return (record) => {
    const kind = kindOf(record.position.name, settled);
    const decode = decoders.get(kind) ?? kind.decoder(settled);
    decoders.set(kind, decode);
    return decode(record);
  };
}

type Settled = z.output<typeof sourceOptions>;

function settle(options: SourceOptions): Settled {
  const { data, error } = sourceOptions.safeParse(options);
  if (data) return data;
  const named: Readonly<Record<string, string>> = flags;
  const problems = error.issues.map(({ path: [option, ...rest], message }) => {
    return { message, place: { key: [named[String(option)] ?? option, ...rest].join('.') } };
  });
  throw new TaggerError('E_USAGE', problems, { cause: error });
}

function kindOf(name: string, { from }: Settled): SourceKind {
  if (from) return sourceKinds[from];
  const kinds: SourceKind[] = Object.values(sourceKinds);
  return kinds.find(({ endings }) => endings.some((ending) => hasEnding(name, ending))) ?? text;
}

function hasEnding(name: string, ending: string): boolean {
  const lower = name.toLowerCase();
  return lower.endsWith(ending) || lower.endsWith(ending + gzipEnding);
}
