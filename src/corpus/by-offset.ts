/**
 * Formats of texts with labelled stretches, read as corpora: a text is cut into tokens, unless the file has them, and what
 * it labels becomes the column `ner` of BIOES tags. Where a file labels tokens instead, the column is what it says.
 */
import { z } from 'zod';
import { type Place, type Problem, TaggerError } from '../core/errors.js';
import { type AlignPolicy, alignPolicies } from '../text/align-spans.js';
import type { Document } from '../text/document.js';
import { withTags } from '../text/entity-tags.js';
import { documentMaker, type MakeDocument } from '../text/make-document.js';
import { offsetUnits } from '../text/offsets.js';
import { splitSentence } from '../text/split-sentence.js';
import type { CorpusFile, FormatKind, Source } from './format.js';
import type { MisalignedEntity } from './misaligned.js';
import type { JsonStandoffKind, PairStandoffKind } from './standoff/format.js';
import { openStandoff, pairKinds, recordKinds, type StandoffName } from './standoff/index.js';

const column = 'ner';

const align = z
  .enum(alignPolicies)
  .default('error')
  .describe('what becomes of entities that begin or end inside a token');
const offsets = z.enum(offsetUnits);

type Options = { readonly align: typeof align; readonly offsets: z.ZodDefault<typeof offsets> };

const kinds: Readonly<Record<StandoffName, JsonStandoffKind | PairStandoffKind>> = {
  ...recordKinds,
  ...pairKinds,
};

const names = Object.keys(kinds) as StandoffName[];

/** All of them by their names. */
export const offsetFormats = Object.fromEntries(
  names.map((name) => [name, formatOf(name, kinds[name])]),
) as Readonly<Record<StandoffName, FormatKind<Options>>>;

function formatOf(name: StandoffName, kind: JsonStandoffKind | PairStandoffKind): FormatKind<Options> {
  return {
    options: { align, offsets: offsets.default(kind.unit).describe('what offsets count') },
    parts: 'endings' in kind ? [kind.endings.text, kind.endings.annotation] : undefined,
    open({ align, offsets }, make = documentMaker()) {
      const standoff = openStandoff(name, { unit: offsets, label: column });
      const readAnnotated = ({ parts = {}, ...source }: Source): CorpusFile => {
        const { ignored, ...file } = standoff.read({ ...source, beside: Object.values(parts)[0]?.text });
        return { ...file, leftOut: ignored };
      };
      const read = (source: Source) => tagged(readAnnotated(source), make, align);
      return { cells: ['word', column], label: column, read, readAnnotated };
    },
  };
}

/** The file with the column in all of its documents. Throws E_CORPUS_FORMAT for those that nobody has annotated. */
function tagged(file: CorpusFile, make: MakeDocument, policy: AlignPolicy): CorpusFile {
  const misaligned: MisalignedEntity[] = [];
  const problems: Problem[] = [];
  const documents = file.documents.map((document, d) => {
    const place = file.places?.[d] ?? { file: file.name };
    const whole = inSentences(document, make);
    if (isLabelled(whole)) return whole;
    if (!document.entities) problems.push(notAnnotated(place));
    const aligned = withTags(whole, { label: column, policy });
    for (const record of aligned.misaligned) misaligned.push({ ...record, place });
    return aligned.document;
  });
  if (problems.length > 0) throw new TaggerError('E_CORPUS_FORMAT', problems);
  return { ...file, documents, misaligned };
}

/** The tokens of the record if it has some: then only a run of them that says nothing of sentences is cut into these. */
function inSentences(document: Document, make: MakeDocument): Document {
  const own = document.sentences.filter(({ tokens }) => tokens.length > 0);
  if (own.length > 1) return { ...document, sentences: own };
  const made = make(document.text).sentences.filter(({ tokens }) => tokens.length > 0);
  return { ...document, sentences: own.length === 0 ? made : splitSentence(own[0], made) };
}

/** Whether its tokens say what there is to learn. */
function isLabelled({ entities = [], sentences }: Document): boolean {
  const isOne = sentences.length > 0 && sentences.every(({ columns }) => columns?.[column]);
  return isOne && entities.length === 0;
}

function notAnnotated(place: Place): Problem {
  return {
    message: 'the record is not annotated',
    place,
    expected: 'entities, if only an empty list of them, or a label for every token',
    found: 'neither',
    hint: 'leave it out of the file',
  };
}
