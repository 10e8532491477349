/** Tags of sentences laid over their document: tokens and entities with offsets. */
import { TaggerError } from '../core/errors.js';
import type {
  AnnotatedDocument,
  Document,
  Entity,
  LongSentence,
  Sentence,
  SentenceSequences,
  Token,
} from '../text/document.js';
import { entityOf } from '../text/entity-tags.js';
import { decodeSpans, type Scheme } from '../text/schemes.js';
import { checkNBest, type Prediction, type TagSequence, type Window } from './prediction.js';

/** A token with its offsets into the text, in UTF-16 code units. */
export interface TaggedToken extends Token {
  /** The BIOES tag; where labels are of single tokens (parts of speech), the label. */
  readonly tag: string;
  /** Only with `scores`: the probability of the tag, 0 … 1. */
  readonly score?: number;
}

/** What is found in a text. */
export interface Annotation {
  readonly tokens: readonly TaggedToken[];
  /** Empty where labels are of single tokens. `text.slice(e.start, e.end) === e.text` for each. */
  readonly entities: readonly Entity[];
  /** Only with `nbest`: an item for every sentence that has tokens, or for every window of a long one. */
  readonly nbest?: readonly SentenceSequences[];
  /** Sentences longer than any that training saw, which were tagged in overlapping windows; absent where there are none. */
  readonly windows?: readonly LongSentence[];
}

/** What shall be found, beside tags. Wrong numbers are refused with E_USAGE. */
export interface WantedScores {
  /** Whether tokens and entities get their exact probabilities; costs about a tenth of the speed. */
  readonly scores?: boolean;
  /** How many of the most probable sequences of tags of every sentence: a whole number from 1. */
  readonly nbest?: number;
  /** As `scores`, without the entities whose probability is lower. 0 … 1. */
  readonly minScore?: number;
}

/** Throws E_USAGE where a number is none that can be wanted. */
export function checkWanted({ nbest, minScore = 0 }: WantedScores): void {
  checkNBest(nbest);
  if (typeof minScore === 'number' && minScore >= 0 && minScore <= 1) return;
  throw new TaggerError('E_USAGE', {
    message: 'wrong lowest probability (minScore)',
    expected: 'a number from 0 to 1',
    found: String(minScore),
  });
}

/** What is known of a sentence: its tags, and as much of a prediction as shall be shown. */
export type Found = Pick<Prediction, 'tags'> & Partial<Prediction>;

/** What the tags mean. */
export interface TagColumn {
  /** The column of a sentence that takes them. */
  readonly label: string;
  readonly scheme: Scheme;
}

/** `found` has an item a sentence; all or none of them have scores, all or none have `nbest`. */
export function annotated(
  document: Document,
  found: readonly Found[],
  { label, scheme }: TagColumn,
  { minScore = 0, nbest }: WantedScores = {},
): AnnotatedDocument {
  const { text, sentences } = document;
  const entities = sentences.flatMap((sentence, s) => {
    const { tags, spans } = found[s];
    if (scheme === 'none') return [];
    return (spans ?? decodeSpans(tags, scheme)).map((span) => entityOf(span, sentence, text));
  });
  const long = sentences.flatMap((sentence, s) => longSentence(sentence, found[s]));
  const columns = sentences.map((sentence, s) => {
    const { tags, scores } = found[s];
    return { ...sentence, columns: { ...sentence.columns, [label]: tags }, ...(scores && { scores }) };
  });
  return {
    ...document,
    sentences: columns,
    entities: entities.filter(({ score = 1 }) => score >= minScore),
    ...(nbest !== undefined && { nbest: sequencesOf(document, found, scheme) }),
    ...(long.length > 0 && { windows: long }),
  };
}

/** The tokens of all sentences in one list, and what else was found. */
export function annotationOf(
  { sentences, entities, nbest, windows }: AnnotatedDocument,
  label: string,
): Annotation {
  const tokens = sentences.flatMap(({ tokens, columns, scores }) =>
    tokens.map(({ text, start, end }, t) => {
      const token = { text, start, end, tag: columns?.[label][t] ?? '' };
      return scores ? { ...token, score: scores[t] } : token;
    }),
  );
  return { tokens, entities, ...(nbest && { nbest }), ...(windows && { windows }) };
}

function longSentence({ tokens }: Sentence, { windows }: Found): LongSentence[] {
  if (!windows) return [];
  const [start, end] = [tokens[0].start, tokens[tokens.length - 1].end];
  return [{ start, end, tokens: tokens.length, windows: windows.length }];
}

function sequencesOf(
  { text, sentences }: Document,
  found: readonly Found[],
  scheme: Scheme,
): SentenceSequences[] {
  return sentences.flatMap((sentence, s) => {
    const { nbest, windows = [{ first: 0, end: sentence.tokens.length, nbest }] } = found[s];
    return sentence.tokens.length === 0
      ? []
      : windows.map((window) => sequencesOfWindow(sentence, text, window, scheme));
  });
}

function sequencesOfWindow(
  { tokens }: Sentence,
  text: string,
  { first, end, nbest = [] }: Window & { nbest?: readonly TagSequence[] },
  scheme: Scheme,
): SentenceSequences {
  const part = { tokens: tokens.slice(first, end) };
  const sequences = nbest.map(({ probability, tags }) => {
    const spans = scheme === 'none' ? [] : decodeSpans(tags, scheme);
    return { probability, tags, entities: spans.map((span) => entityOf(span, part, text)) };
  });
  return { start: tokens[first].start, end: tokens[end - 1].end, sequences };
}
