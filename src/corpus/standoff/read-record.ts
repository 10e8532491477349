/** From a record to a document: offsets become UTF-16 and are checked against the text. */
import type { Place, Problem } from '../../core/errors.js';
import type { Document, Entity, Sentence, Token } from '../../text/document.js';
import { isInSurrogatePair, type OffsetUnit, offsetsOf } from '../../text/offsets.js';
import { explainer, type StoredStretch } from './explain.js';
import type { Normalize, StandoffRecord, StandoffSettings, StandoffToken } from './format.js';
import { excerpt } from './json-records.js';
import { inOrder } from './write-record.js';

export interface RecordPlaces {
  /** Of the record itself. */
  readonly record: Place;
  /** Of an entity by its index. */
  readonly entity: (index: number) => Place;
}

const unitNames: Readonly<Record<OffsetUnit, string>> = {
  utf16: 'UTF-16 code units',
  codepoint: 'code points',
};

/** Code points have no halves. */
const otherUnit = 'offsets: codepoint';

/** How many wrong stretches of a record are told one by one: where the unit is wrong, nearly all of them are. */
const told = 100;

/**
 * The document of a record, and everything that is wrong with it: if there is anything, the document is not to be used.
 */
export function toDocument(
  record: StandoffRecord,
  { unit, label }: StandoffSettings,
  places: RecordPlaces,
  normalize: Normalize = (text) => text,
): { readonly document: Document; readonly problems: readonly Problem[] } {
  const { id, text, fields } = record;
  const { toUtf16 } = offsetsOf(text, unit);
  const faultOf = checker(text, unit, normalize);
  const explain = explainer(text, unit, normalize);
  const problems: Problem[] = [];
  let untold = 0;

  /** The stretch in UTF-16, with its text. */
  function locate(stretch: StoredStretch, what: string, place: Place): Token {
    const fault = faultOf(stretch);
    if (fault && problems.length >= told) untold++;
    else if (fault) {
      const message = `${what} ${fault.message}`;
      problems.push({ hint: explain(stretch), ...fault, message, place });
    }
    const [start, end] = [toUtf16(stretch.start), toUtf16(stretch.end)];
    return { text: text.slice(start, end), start, end };
  }

  const entities = record.entities?.map((entity, i): Entity => {
    const located = locate(entity, `entity ${excerpt(entity.label)}`, places.entity(i));
    return { label: entity.label, ...located, ...scoreOf(entity) };
  });
  entities?.sort(inOrder);

  const all = record.tokens?.flat() ?? [];
  const tokens = all.map((token, i) => locate(token, `token ${i + 1}`, places.record));
  if (untold > 0)
    problems.push({ message: `${untold} more entities or tokens are wrong`, place: places.record });
  if (problems.length === 0) problems.push(...orderProblems(tokens, places.record));
  problems.push(...partProblems(all, places.record));

  let next = 0;
  const filled = (record.tokens ?? []).filter((sentence) => sentence.length > 0);
  const sentences = filled.map((sentence): Sentence => {
    const first = next;
    next += sentence.length;
    return { tokens: tokens.slice(first, next), ...columnsOf(sentence, label) };
  });
  const document = { id, text, sentences, ...(entities && { entities }), ...fieldsOf(fields) };
  return { document, problems };
}

function scoreOf({ score }: { readonly score?: number }) {
  return score === undefined ? {} : { score };
}

function fieldsOf(fields: Document['fields'] = {}) {
  return Object.keys(fields).length === 0 ? {} : { fields };
}

function columnsOf(tokens: readonly StandoffToken[], label: string): Omit<Sentence, 'tokens'> {
  const values = tokens.map((token) => token.label).filter((value) => value !== undefined);
  const scores = tokens.map(({ score }) => score).filter((score) => score !== undefined);
  const isWhole = (items: readonly unknown[]) => items.length > 0 && items.length === tokens.length;
  return { ...(isWhole(values) && { columns: { [label]: values } }), ...(isWhole(scores) && { scores }) };
}

/** For one text a function that says what is wrong with the offsets of a stretch, if anything. */
function checker(text: string, unit: OffsetUnit, normalize: Normalize) {
  const { length, toUtf16 } = offsetsOf(text, unit);
  return (stretch: StoredStretch): Problem | undefined => {
    const { start, end, text: stored } = stretch;
    const at = `${start} to ${end}`;
    if (!(start >= 0 && start < end && end <= length)) {
      const message = start < end ? 'is not within the text' : 'has no characters';
      const expected = `offsets from 0 to ${length} in ${unitNames[unit]}, the end after the start`;
      return { message, expected, found: at };
    }
    const [from, to] = [toUtf16(start), toUtf16(end)];
    const slice = text.slice(from, to);
    if (stored !== undefined && normalize(slice) !== normalize(stored)) {
      const message = 'has another text than that at its offsets';
      return { message, expected: excerpt(stored), found: `${excerpt(slice)} at ${at}` };
    }
    if (!isInSurrogatePair(text, from) && !isInSurrogatePair(text, to)) return undefined;
    const message = 'begins or ends within a character, between two surrogates';
    return { message, expected: 'whole characters', found: `${excerpt(slice)} at ${at}`, hint: otherUnit };
  };
}

/** The first token that does not follow the one before it. */
function orderProblems(tokens: readonly Token[], place: Place): Problem[] {
  const wrong = tokens.findIndex(({ start }, i) => i > 0 && start < tokens[i - 1].end);
  if (wrong < 0) return [];
  const { start, text } = tokens[wrong];
  const message = `token ${excerpt(text)} begins before the end of the one before it`;
  return [{ message, place, expected: `at ${tokens[wrong - 1].end} or later`, found: `at ${start}` }];
}

/** Labels or scores that only some of the tokens have. */
function partProblems(tokens: readonly StandoffToken[], place: Place): Problem[] {
  return (['label', 'score'] as const).flatMap((key) => {
    const count = tokens.filter((token) => token[key] !== undefined).length;
    if (count === 0 || count === tokens.length) return [];
    const message = `some tokens have no ${key}`;
    return [{ message, place, expected: `a ${key} for all or none`, found: `${count} of ${tokens.length}` }];
  });
}
