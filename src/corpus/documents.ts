/** Corpus files of any format as documents from which any format can be written. */
import type { AnnotatedDocument, Document } from '../text/document.js';
import { withEntities } from '../text/entity-tags.js';
import { convertTags, ownScheme, type Scheme } from '../text/schemes.js';
import { type FormatOptions, openFormat } from './index.js';
import { labelColumn, labelsOf, notationOf } from './labels.js';
import type { MisalignedEntity } from './misaligned.js';
import { type LabelOptions, parseFiles, type ReadOptions, readFiles, warningsOf } from './read.js';

export interface DocumentsOptions extends LabelOptions, ReadOptions {
  /** Entities stay wherever they begin and end, and a text has tokens only if its file has: for formats of offsets. */
  readonly asAnnotated?: boolean;
}

export interface CorpusDocuments {
  /** With the column `label` in sentences that are labelled. */
  readonly documents: readonly AnnotatedDocument[];
  readonly label: string;
  /** Of the column: labels of single tokens, or tags of spans in BIOES. */
  readonly scheme: Extract<Scheme, 'bioes' | 'none'>;
  readonly misaligned: readonly MisalignedEntity[];
  readonly warnings: readonly string[];
}

/** Throws E_FILE_MISSING, E_CORPUS_FORMAT with all that is wrong in all files, and E_CONFIG where the label is no column. */
export async function readDocuments(
  paths: readonly string[],
  options: FormatOptions,
  {
    label: wanted,
    scheme: written = 'auto',
    make,
    asAnnotated = false,
    listsMisaligned,
  }: DocumentsOptions = {},
): Promise<CorpusDocuments> {
  const format = openFormat(options, make);
  const label = labelColumn(format, wanted, paths[0]);
  const read = (asAnnotated ? format.readAnnotated : undefined) ?? format.read;
  const files = parseFiles({ read }, await readFiles(options, paths));
  const warnings = warningsOf('the input', files, listsMisaligned);
  const labelled = labelsOf(format, files, label);
  const { scheme } = notationOf(labelled, written);
  return {
    documents: labelled.documents.map((document) => converted(document, label, scheme, asAnnotated)),
    label,
    scheme: ownScheme(scheme),
    misaligned: files.flatMap(({ misaligned = [] }) => misaligned),
    warnings: [...warnings, ...notAnnotated(labelled.documents, label)],
  };
}

function converted(document: Document, label: string, from: Scheme, asAnnotated: boolean): AnnotatedDocument {
  const { entities = [] } = document;
  if (!isLabelled(document, label)) return { ...document, entities };
  const to = ownScheme(from);
  const sentences = document.sentences.map((sentence) => {
    const tags = convertTags(sentence.columns?.[label] ?? [], from, to);
    return { ...sentence, columns: { ...sentence.columns, [label]: tags } };
  });
  const whole = { ...document, sentences, entities };
  return asAnnotated && entities.length > 0 ? whole : { entities, ...withEntities(whole, label, to) };
}

const isLabelled = ({ sentences }: Document, label: string): boolean =>
  sentences.some(({ columns }) => columns?.[label]);

function notAnnotated(documents: readonly Document[], label: string): string[] {
  const { length } = documents.filter((document) => !document.entities && !isLabelled(document, label));
  if (length === 0) return [];
  const records =
    length === 1 ? '1 record is not annotated: it is' : `${length} records are not annotated: they are`;
  return [`${records} written as if there were no entities`];
}
