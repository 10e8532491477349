/** Reading and writing of formats of two files a document. */
import { type Problem, TaggerError } from '../../core/errors.js';
import type {
  PairStandoff,
  PairStandoffKind,
  StandoffFile,
  StandoffSettings,
  StandoffSource,
} from './format.js';
import { toDocument } from './read-record.js';
import { toRecord } from './write-record.js';

export function pairFormat(kind: PairStandoffKind, settings: StandoffSettings): PairStandoff {
  const { text, annotation } = kind.endings;
  const withOther = (name: string, from: string, to: string) =>
    name.endsWith(from) ? `${name.slice(0, -from.length)}${to}` : undefined;
  const beside = (name: string) => withOther(name, text, annotation) ?? withOther(name, annotation, text);
  return {
    unit: settings.unit,
    beside,
    read: (source) => read(kind, source, beside(source.name), settings),
    files(document) {
      const written = kind.format(toRecord(document, settings), settings);
      return new Map([
        [text, written.text],
        [annotation, written.annotation],
      ]);
    },
  };
}

function read(
  kind: PairStandoffKind,
  { name, text, beside }: StandoffSource,
  other: string | undefined,
  settings: StandoffSettings,
): StandoffFile {
  const { endings } = kind;
  if (other === undefined || beside === undefined) {
    throw new TaggerError('E_CORPUS_FORMAT', halfMissing(name, other, Object.values(endings)));
  }
  const given = { name, text };
  const found = { name: other, text: beside };
  const isText = name.endsWith(endings.text);
  const pair = isText ? { text: given, annotation: found } : { text: found, annotation: given };
  const parsed = kind.parse(pair, settings);
  const place = { file: pair.text.name };
  const at = { record: place, entity: (index: number) => parsed.places[index] };
  const { document, problems } = toDocument(parsed.record, settings, at, kind.normalize);
  const all = [...parsed.problems, ...problems].sort((a, b) => lineOf(a) - lineOf(b) || 0);
  if (all.length > 0) throw new TaggerError('E_CORPUS_FORMAT', all);
  return { name, documents: [document], places: [place], ignored: parsed.ignored };
}

/** What is said of the whole document comes last. */
const lineOf = ({ place }: Problem) => place?.line ?? Number.POSITIVE_INFINITY;

function halfMissing(file: string, other: string | undefined, endings: readonly string[]): Problem {
  const place = { file };
  if (other !== undefined) return { message: 'the file beside it is missing', place, expected: other };
  return {
    message: 'the name is that of no file of this format',
    place,
    expected: `a name in ${endings.join(' or ')}`,
  };
}
