/** Reading and writing of every format of JSON records. */
import { basename } from 'node:path';
import { type Place, type Problem, TaggerError } from '../../core/errors.js';
import type { Document } from '../../text/document.js';
import type {
  Ignored,
  JsonStandoffKind,
  ReadingContext,
  RecordStandoff,
  StandoffFile,
  StandoffSettings,
  StandoffSource,
} from './format.js';
import { type JsonRecord, jsonRecords } from './json-records.js';
import { toDocument } from './read-record.js';
import { shapeProblems } from './shape-problems.js';
import { toRecord } from './write-record.js';

/** A line has its end at once: who reads a stream of them waits for that, and no line may follow. */
const layouts = {
  lines: { ending: '.jsonl', head: '', between: '', tail: '', end: '\n' },
  array: { ending: '.json', head: '[\n', between: ',\n', tail: '\n]\n', end: '' },
} as const;

export function jsonFormat<Shape>(kind: JsonStandoffKind<Shape>, settings: StandoffSettings): RecordStandoff {
  const { end, ...layout } = layouts[kind.layout];
  return {
    unit: settings.unit,
    ...layout,
    read: (source) => read(kind, source, settings),
    write: (document) => JSON.stringify(kind.format(toRecord(document, settings), settings)) + end,
  };
}

function read<Shape>(
  kind: JsonStandoffKind<Shape>,
  source: StandoffSource,
  settings: StandoffSettings,
): StandoffFile {
  const documents: Document[] = [];
  const places: Place[] = [];
  const ignored: Ignored[] = [];
  const problems: Problem[] = [];

  function readOne({ value, place }: JsonRecord, number: number): void {
    const wrong = shapeProblems(kind.schema, value, place);
    if (wrong.length > 0) {
      for (const problem of wrong) problems.push(problem);
      return;
    }
    const context: ReadingContext = {
      ...settings,
      id: `${basename(source.name)}#${number}`,
      ignore: (what, found) => ignored.push({ what, place, ...(found !== undefined && { found }) }),
    };
    const record = kind.parse(value as Shape, context);
    if (!record) return;
    const isNamed = record.id !== context.id && place.record === undefined;
    const named = isNamed ? { ...place, record: record.id } : place;
    const at = { record: named, entity: () => named };
    const checked = toDocument(record, settings, at, kind.normalize);
    problems.push(...checked.problems);
    documents.push(checked.document);
    places.push(named);
  }

  jsonRecords(source).forEach((record, i) => {
    if ('value' in record) readOne(record, i + 1);
    else problems.push(record);
  });
  if (problems.length > 0) throw new TaggerError('E_CORPUS_FORMAT', problems);
  return { name: source.name, documents, places, ignored };
}
