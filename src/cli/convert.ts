import { type Command, Option } from 'commander';
import { openSink } from '../annotation/sinks/index.js';
import { TaggerError } from '../core/errors.js';
import { readDocuments } from '../corpus/documents.js';
import { refuseMisaligned } from '../corpus/misaligned.js';
import type { FolderFormat, OutputFormat } from '../export/format.js';
import { type OutputName, outputOf, outputs } from '../export/index.js';
import { type DocumentContent, writeDocuments } from '../export/write-documents.js';
import { check } from '../pipeline/check.js';
import type { AnnotatedDocument } from '../text/document.js';
import type { MakeDocument } from '../text/make-document.js';
import type { OffsetUnit } from '../text/offsets.js';
import { documentMakerOf, textOptions } from '../text/options.js';
import type { SpanScheme } from '../text/schemes.js';
import { splitterKinds } from '../text/sentences.js';
import { tokenizerKinds } from '../text/tokenizers/index.js';
import {
  addReadingOptions,
  checkFileOptions,
  type FileOptions,
  formatNames,
  formatOf,
  unitOption,
} from './file-options.js';
import { formatMisaligned } from './misaligned-table.js';
import { warn } from './output.js';

interface ConvertOptions extends Omit<FileOptions, 'format' | 'offsets'> {
  readonly from?: string;
  readonly to?: OutputName;
  readonly output: string;
  readonly inputOffsets?: OffsetUnit;
  readonly offsets?: OffsetUnit;
  readonly tags?: SpanScheme;
  readonly tokenizer?: string;
  readonly sentences?: string;
}

export function define(command: Command): void {
  const outputNames = Object.keys(outputs);
  command
    .argument('<files...>', 'annotated files, all of one format')
    .addOption(new Option('--from <format>', 'the format of the files').choices(formatNames))
    .addOption(new Option('--to <format>', 'the format to write').choices(outputNames))
    .option('-o, --output <target>', 'a file, or a folder for one file a document; - is stdout', '-');
  addReadingOptions(command, 'the column with the labels')
    .addOption(
      unitOption('--input-offsets <unit>', 'what offsets of the files count (default: as their format)'),
    )
    .addOption(unitOption('--offsets <unit>', 'what written offsets count (default: as the format)'))
    .addOption(
      new Option('--tags <scheme>', 'how columns of tags are written').choices(['iob1', 'bio', 'bioes']),
    )
    .addOption(
      new Option('--tokenizer <kind>', 'cuts texts without tokens (default: treebank)').choices(
        Object.keys(tokenizerKinds),
      ),
    )
    .addOption(
      new Option('--sentences <kind>', 'cuts texts into sentences (default: natural)').choices(
        Object.keys(splitterKinds),
      ),
    )
    .action(convert);
}

async function convert(files: readonly string[], options: ConvertOptions): Promise<void> {
  const {
    from,
    to: wanted,
    output,
    inputOffsets,
    offsets: unit,
    tags,
    tokenizer,
    sentences,
    ...given
  } = options;
  const to = wanted ?? outputOf(output);
  if (!to) throw unknownTarget(output);
  const format = from ?? formatOf(files[0], given, '--from');
  const offsets = inputOffsets && { offsets: inputOffsets };
  const description = checkFileOptions({ ...given, ...offsets, format, files: { train: '_', dev: '_' } });
  // Where neither the target nor an option asks for tokens, entities stay wherever they are.
  const asksForTokens = outputs[to].needsTokens || [given.align, tokenizer, sentences].some(Boolean);
  const read = await readDocuments(files, description, {
    ...description,
    make: makerOf(tokenizer, sentences),
    asAnnotated: !asksForTokens,
    listsMisaligned: true,
  });
  warn(read.warnings);
  refuseMisaligned(read.misaligned);
  if (read.misaligned.length > 0) console.error(formatMisaligned(read.misaligned, Number.POSITIVE_INFINITY));
  const { label, scheme, documents } = read;
  const kind = outputs[to].open({ label, scheme, unit, tags, predicted: false, labels: labelsIn(documents) });
  await write(kind, writeDocuments(kind, documents), output);
}

function unknownTarget(output: string): TaggerError {
  return new TaggerError('E_USAGE', {
    message: 'the format to write is not known',
    place: { file: '--output' },
    expected: `--to with one of ${Object.keys(outputs).join(', ')}`,
    found: output,
  });
}

/** Throws E_USAGE where a kind has options that must be given. */
function makerOf(tokenizer = 'treebank', sentences = 'natural'): MakeDocument {
  const value = { kind: tokenizer, sentences: { kind: sentences } };
  const checked = check(textOptions, { value, place: () => ({ file: '--tokenizer' }) });
  if (checked.value === undefined) throw new TaggerError('E_USAGE', checked.problems);
  return documentMakerOf(checked.value);
}

async function write(
  format: OutputFormat | FolderFormat,
  documents: readonly DocumentContent[],
  target: string,
): Promise<void> {
  const layout = 'files' in format ? undefined : format;
  const sink = await openSink(target, { layout, settings: {}, stdout: process.stdout });
  try {
    for (const document of documents) await sink.write(document);
    await sink.finish({ position: null, counts: { documents: documents.length } });
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

const labelsIn = (documents: readonly AnnotatedDocument[]): string[] =>
  [...new Set(documents.flatMap(({ entities = [] }) => entities.map(({ label }) => label)))].sort();
