/**
 * Entities by offset laid over tokens: the runs of tokens that tags can write, and a record of every entity that is not
 * such a run as it stands. Nothing is ever lost without a record.
 *
 * | reason      | the entity                                  | what is done                                        |
 * |-------------|---------------------------------------------|-----------------------------------------------------|
 * | `edges`     | begins or ends inside a token               | what the policy says                                |
 * | `empty`     | touches no token                            | dropped; refused under `error`                      |
 * | `overlap`   | shares tokens with a longer or earlier one  | dropped; refused under `error`                      |
 * | `repeated`  | is there already, with the same label       | merged with the other                               |
 * | `space`     | has white space at its edges                | kept without it                                     |
 * | `sentences` | goes beyond its sentence                    | kept; the sentences are joined: a splitter guesses, |
 * |             |                                             | who wrote the entity has read it                    |
 */
import type { Entity, Sentence, Span, Token } from './document.js';
import { joinSentences } from './join-sentences.js';
import { isSpace, skipSpace } from './white-space.js';

/**
 * What becomes of an entity that begins or ends inside a token: `expand` to the edges of all tokens that it touches,
 * `contract` to the tokens that are wholly inside it, `drop` it, or refuse the document (`error`).
 */
export const alignPolicies = ['error', 'expand', 'contract', 'drop'] as const;
export type AlignPolicy = (typeof alignPolicies)[number];

export type MisalignmentReason = 'edges' | 'empty' | 'overlap' | 'repeated' | 'space' | 'sentences';

/** `refused`: dropped as well, and whoever asked must not go on. */
export type MisalignmentOutcome = 'kept' | 'merged' | 'expanded' | 'contracted' | 'dropped' | 'refused';

/** A stretch of a text, in UTF-16 code units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** An entity that is no run of tokens of its own as it stands. */
export interface Misalignment {
  /** As it was annotated. */
  readonly entity: Entity;
  /** At least one. */
  readonly reasons: readonly MisalignmentReason[];
  readonly outcome: MisalignmentOutcome;
  /** The nearest token edges outwards: from the first to the last token that it touches. */
  readonly outer?: Stretch;
  /** The nearest token edges inwards: from the first to the last token that is wholly inside. */
  readonly inner?: Stretch;
  /** With the reasons `overlap` and `repeated`: the entity that stays. */
  readonly other?: Entity;
}

export interface AlignedSpans {
  /** Those given, some of them joined. */
  readonly sentences: readonly Sentence[];
  /** One list a sentence, in order; no two overlap. */
  readonly spans: readonly (readonly Span[])[];
  /** In order of the entities. */
  readonly misaligned: readonly Misalignment[];
}

/** Tokens from `first` up to but without `end`, counted through all sentences. */
interface Run {
  readonly first: number;
  readonly end: number;
}

interface Fit {
  readonly entity: Entity;
  readonly reasons: MisalignmentReason[];
  outcome: MisalignmentOutcome;
  readonly outer: Run;
  readonly inner: Run;
  /** What stays of it. */
  run?: Run;
  other?: Entity;
}

/**
 * `sentences`: tokens in order with offsets into `text`. Of entities that overlap, the one of most tokens stays; of these
 * the first. Takes time linear in tokens and entities, but for sorting these.
 */
export function alignSpans(
  text: string,
  sentences: readonly Sentence[],
  entities: readonly Entity[],
  policy: AlignPolicy,
): AlignedSpans {
  const tokens = sentences.flatMap((sentence) => sentence.tokens);
  const lost = policy === 'error' ? 'refused' : 'dropped';
  const fits = entities.map((entity) => fitOf(entity, text, tokens, policy));
  const kept = withoutOverlaps(fits, tokens.length, lost);
  const joined = joinSentences(sentences, kept);
  for (const { reasons } of joined.crossing) reasons.push('sentences');

  const stretch = ({ first, end }: Run): Stretch | undefined => {
    if (first >= end) return undefined;
    const [from, to] = [tokens[first].start, tokens[end - 1].end];
    return { start: from, end: to, text: text.slice(from, to) };
  };
  const misaligned = fits
    .filter(({ reasons }) => reasons.length > 0)
    .map(({ entity, reasons, outcome, outer, inner, other }) => {
      const record = { entity, reasons, outcome, outer: stretch(outer), inner: stretch(inner) };
      return other ? { ...record, other } : record;
    });
  return { sentences: joined.sentences, spans: joined.spans, misaligned };
}

/** An entity by itself. Exactly on token edges it stays as it is, even with white space: some tools have tokens of it. */
function fitOf(entity: Entity, text: string, tokens: readonly Token[], policy: AlignPolicy): Fit {
  const exact = runsIn(entity, tokens);
  const { outer, inner, isExact } = exact.isExact ? exact : runsIn(trimmed(entity, text), tokens);
  const isTrimmed = isExact && !exact.isExact;
  const fit: Fit = { entity, reasons: isTrimmed ? ['space'] : [], outcome: 'kept', outer, inner };
  if (isExact) return { ...fit, run: outer };
  fit.reasons.push(outer.first < outer.end ? 'edges' : 'empty');
  const chosen = { expand: outer, contract: inner, drop: undefined, error: undefined }[policy];
  if (chosen && chosen.first < chosen.end) {
    return { ...fit, run: chosen, outcome: policy === 'expand' ? 'expanded' : 'contracted' };
  }
  return { ...fit, outcome: policy === 'error' ? 'refused' : 'dropped' };
}

function runsIn({ start, end }: Omit<Stretch, 'text'>, tokens: readonly Token[]) {
  const first = firstWhere(tokens, (token) => token.end > start);
  const outer = {
    first,
    end: Math.max(
      first,
      firstWhere(tokens, (token) => token.start >= end),
    ),
  };
  if (outer.first === outer.end) return { outer, inner: outer, isExact: false };
  const [from, to] = [tokens[first].start, tokens[outer.end - 1].end];
  const inner = { first: from < start ? first + 1 : first, end: to > end ? outer.end - 1 : outer.end };
  return { outer, inner, isExact: from === start && to === end };
}

/** The index of the first token for which `is` is true, which it then is for all that follow. */
function firstWhere(tokens: readonly Token[], is: (token: Token) => boolean): number {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(tokens[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

function trimmed({ start, end }: Entity, text: string): Omit<Stretch, 'text'> {
  const from = skipSpace(text, start, end);
  let to = end;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return { start: from, end: to };
}

type Kept = Fit & { run: Run };

/** Those that stay, in order. Most tokens first: one that overlaps an earlier one then has its first or last token in it. */
function withoutOverlaps(fits: readonly Fit[], tokens: number, lost: 'dropped' | 'refused'): Kept[] {
  const owners = new Array<Kept | undefined>(tokens);
  const candidates = fits.filter((fit): fit is Kept => fit.run !== undefined);
  const lengthOf = ({ run }: Kept) => run.end - run.first;
  const bySize = [...candidates].sort((a, b) => lengthOf(b) - lengthOf(a) || a.run.first - b.run.first);
  const kept = bySize.filter((fit) => {
    const { first, end } = fit.run;
    const owner = owners[first] ?? owners[end - 1];
    if (!owner) {
      owners.fill(fit, first, end);
      return true;
    }
    const isSame =
      owner.entity.label === fit.entity.label && owner.run.first === first && owner.run.end === end;
    fit.reasons.push(isSame ? 'repeated' : 'overlap');
    fit.outcome = isSame ? 'merged' : lost;
    fit.other = owner.entity;
    return false;
  });
  return kept.sort((a, b) => a.run.first - b.run.first);
}
