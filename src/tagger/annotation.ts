/** Tags of sentences laid over their document: tokens and entities with offsets. */
import type { Document, Entity, Sentence } from '../text/document.js';
import { entityOf } from '../text/entity-tags.js';
import { decodeSpans, type Scheme } from '../text/schemes.js';
import type { Prediction } from './prediction.js';

/** A token with its offsets into the text, in UTF-16 code units. */
export interface TaggedToken {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The BIOES tag; where labels are of single tokens (parts of speech), the label. */
  readonly tag: string;
  /** Only with `scores`: the probability of the tag, 0 … 1. */
  readonly score?: number;
}

export interface AnnotatedEntity extends Entity {
  /** Only with `scores`: the probability that there is exactly this entity, 0 … 1. */
  readonly score?: number;
}

export interface AnnotateOptions {
  /** Whether tokens and entities get their exact probabilities; costs about a tenth of the speed. */
  readonly scores?: boolean;
  /** How many of the most probable sequences of tags of every sentence; E_USAGE unless a whole number from 1. */
  readonly nbest?: number;
}

export interface AnnotatedSequence {
  /** Among all sequences that the scheme allows. 0 … 1. */
  readonly probability: number;
  /** One a token. */
  readonly tags: readonly string[];
  readonly entities: readonly Entity[];
}

/** The most probable annotations of a sentence, the best first; fewer than asked for where fewer are allowed. */
export interface SentenceSequences {
  /** The sentence's offsets into the text. */
  readonly start: number;
  readonly end: number;
  readonly sequences: readonly AnnotatedSequence[];
}

export interface Annotation {
  readonly tokens: readonly TaggedToken[];
  /** Empty where labels are of single tokens. `text.slice(e.start, e.end) === e.text` for each. */
  readonly entities: readonly AnnotatedEntity[];
  /** Only with `nbest`: an item for every sentence that has tokens. */
  readonly nbest?: readonly SentenceSequences[];
}

/** What is known of a sentence: its tags, and as much of a prediction as shall be shown. */
type Found = Pick<Prediction, 'tags'> & Partial<Prediction>;

/** `found` has an item a sentence; all or none of them have scores, all or none have `nbest`. */
export function annotationOf(
  { text, sentences }: Document,
  found: readonly Found[],
  scheme: Scheme,
): Annotation {
  const tokens = sentences.flatMap((sentence, s) => {
    const { tags, scores } = found[s];
    return sentence.tokens.map(({ text, start, end }, t) => {
      const token = { text, start, end, tag: tags[t] };
      return scores ? { ...token, score: scores[t] } : token;
    });
  });
  const entities = sentences.flatMap((sentence, s) => {
    const { tags, spans } = found[s];
    if (!spans || scheme === 'none') return entitiesOf(tags, sentence, text, scheme);
    return spans.map((span) => ({ ...entityOf(span, sentence, text), score: span.score }));
  });
  if (!found.some(({ nbest }) => nbest)) return { tokens, entities };
  return { tokens, entities, nbest: sequencesOf({ text, sentences }, found, scheme) };
}

function sequencesOf(
  { text, sentences }: Pick<Document, 'text' | 'sentences'>,
  found: readonly Found[],
  scheme: Scheme,
): SentenceSequences[] {
  return sentences.flatMap((sentence, s) => {
    const { tokens } = sentence;
    if (tokens.length === 0) return [];
    const sequences = (found[s].nbest ?? []).map(({ probability, tags }) => ({
      probability,
      tags,
      entities: entitiesOf(tags, sentence, text, scheme),
    }));
    return [{ start: tokens[0].start, end: tokens[tokens.length - 1].end, sequences }];
  });
}

function entitiesOf(tags: readonly string[], sentence: Sentence, text: string, scheme: Scheme): Entity[] {
  if (scheme === 'none') return [];
  return decodeSpans(tags, scheme).map((span) => entityOf(span, sentence, text));
}
