/** Scores of groups of spans: known and unknown ones, short and long ones, those of short and of long sentences. */
import type { Span } from '../text/document.js';
import { decodeSpans, type Scheme } from '../text/schemes.js';
import { type LabelScores, precisionRecall } from './scores.js';
import { countBy, type SentenceSpans } from './spans.js';
import type { TagColumn } from './tokens.js';

/** By the name of the group, in a fixed order, empty groups too. Every span is in one: counts add up to those of all spans. */
export type GroupScores = Readonly<Record<string, LabelScores>>;

export interface Breakdown {
  /** By the number of tokens. */
  readonly bySentenceLength: GroupScores;
  /** By the number of tokens: `1`, `2`, `3`, `4+`. */
  readonly byLength: GroupScores;
  /** `seen`: training had an entity of these words, whatever its label; `new`. Only where training is known. */
  readonly byForm?: GroupScores;
  /** `known`: training has seen all of its words; `unknown`. Only where that is known. */
  readonly byWords?: GroupScores;
}

export interface BreakdownOptions {
  /** The words of the sentences. */
  readonly words: TagColumn;
  /** Whether training has seen a word. */
  readonly isKnown?: (word: string) => boolean;
  /** Words of the entities in training, as {@link entityForms} gives them. */
  readonly entities?: ReadonlySet<string>;
}

export function breakdown(
  sentences: readonly SentenceSpans[],
  { words, isKnown, entities }: BreakdownOptions,
): Breakdown {
  const group = (names: readonly string[], groupOf: (span: Span, sentence: number) => string) =>
    scoresOfGroups(sentences, names, groupOf);
  const wordsOf = ({ first, end }: Span, s: number) => words[s].slice(first, end);
  return {
    bySentenceLength: group(sentenceBins.map(nameOf), (_, s) => nameOf(binOf(sentenceBins, words[s].length))),
    byLength: group(spanBins.map(nameOf), ({ first, end }) => nameOf(binOf(spanBins, end - first))),
    ...(entities && {
      byForm: group(['seen', 'new'], (span, s) => (entities.has(formOf(wordsOf(span, s))) ? 'seen' : 'new')),
    }),
    ...(isKnown && {
      byWords: group(['known', 'unknown'], (span, s) =>
        wordsOf(span, s).every(isKnown) ? 'known' : 'unknown',
      ),
    }),
  };
}

/** The words of every entity (or single token) of some sentences, such as those of training. */
export function entityForms(words: TagColumn, tags: TagColumn, scheme: Scheme): Set<string> {
  const forms = tags.flatMap((column, s) =>
    decodeSpans(column, scheme).map(({ first, end }) => formOf(words[s].slice(first, end))),
  );
  return new Set(forms);
}

const formOf = (words: readonly string[]): string => words.join(' ');

function scoresOfGroups(
  sentences: readonly SentenceSpans[],
  names: readonly string[],
  groupOf: (span: Span, sentence: number) => string,
): GroupScores {
  const counts = countBy(sentences, groupOf);
  const none = { gold: 0, predicted: 0, correct: 0 };
  const scores = names.map((name) => {
    const count = counts.get(name) ?? none;
    return [name, { ...precisionRecall(count), ...count }] as const;
  });
  return Object.fromEntries(scores);
}

/** From so many tokens to so many. */
type Bin = readonly [from: number, to: number];

const spanBins: readonly Bin[] = [
  [1, 1],
  [2, 2],
  [3, 3],
  [4, Number.POSITIVE_INFINITY],
];

const sentenceBins: readonly Bin[] = [
  [1, 5],
  [6, 10],
  [11, 20],
  [21, 40],
  [41, Number.POSITIVE_INFINITY],
];

const binOf = (bins: readonly Bin[], length: number): Bin => bins.find(([, to]) => length <= to) ?? bins[0];

const nameOf = ([from, to]: Bin): string =>
  from === to ? `${from}` : to === Number.POSITIVE_INFINITY ? `${from}+` : `${from}–${to}`;
