/** Entities of a corpus that are no runs of tokens as they stand: refused, or counted for whoever trains on it. */
import { type Place, type Problem, TaggerError } from '../core/errors.js';
import type { Misalignment, MisalignmentOutcome, MisalignmentReason, Stretch } from '../text/align-spans.js';

export interface MisalignedEntity extends Misalignment {
  /** Its record: file, line and id. */
  readonly place: Place;
}

/** What is wrong with an entity, after its label and text. */
export const reasonTexts: Readonly<Record<MisalignmentReason, string>> = {
  edges: 'begins or ends inside a token',
  empty: 'has no token',
  overlap: 'overlaps another one',
  repeated: 'is there twice',
  space: 'has white space at its edges',
  sentences: 'goes beyond its sentence',
};

/** Throws E_CORPUS_FORMAT with every entity that is `refused`. */
export function refuseMisaligned(misaligned: readonly MisalignedEntity[]): void {
  const refused = misaligned.filter(({ outcome }) => outcome === 'refused');
  if (refused.length > 0) throw new TaggerError('E_CORPUS_FORMAT', refused.map(problemOf));
}

function problemOf({ entity, reasons, outer, inner, other, place }: MisalignedEntity): Problem {
  const edges = [outer, inner].filter((stretch) => stretch !== undefined);
  const overlaps = other && `no token of ${other.label} ${show(other)}`;
  return {
    message: `entity ${entity.label} ${reasons.map((reason) => reasonTexts[reason]).join(', ')}`,
    place,
    expected: overlaps ?? (edges.map(show).join(', or ') || 'at least one token'),
    found: show(entity),
    hint: 'align: expand, contract or drop says what becomes of such entities; tagger corpus check lists them',
  };
}

/** `"Port Elena" 5–15`; long ones are cut. */
function show({ text, start, end }: Stretch): string {
  return `${JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text)} ${start}–${end}`;
}

/** For whoever lists them: that no training goes on with those that are `refused`. */
export function refusalWarnings(misaligned: readonly MisalignedEntity[]): string[] {
  const { length } = misaligned.filter(({ outcome }) => outcome === 'refused');
  if (length === 0) return [];
  const entities = length === 1 ? '1 entity' : `${length} entities`;
  return [
    `training refuses ${entities}: correct them, or say what becomes of them, align: expand, contract or drop`,
  ];
}

/** What a user should hear before training, or nothing. */
export function misalignedWarnings(corpus: string, misaligned: readonly MisalignedEntity[]): string[] {
  if (misaligned.length === 0) return [];
  const counts = new Map<MisalignmentOutcome, number>();
  for (const { outcome } of misaligned) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const outcomes = [...counts].map(([outcome, count]) => `${count} ${outcome}`);
  const { length } = misaligned;
  const what =
    length === 1 ? `1 entity in ${corpus} is no run` : `${length} entities in ${corpus} are no runs`;
  return [`${what} of tokens as annotated: ${outcomes.join(', ')}; tagger corpus check lists them`];
}
