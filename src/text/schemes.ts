/** Spans and the tags that write them, in every scheme: decode, encode, convert, check, and the mask of a decoder. */
import { TaggerError } from '../core/errors.js';
import type { Span } from './document.js';
import {
  comesFrom,
  goesOn,
  isAllowed,
  outside,
  parseTag,
  type Scheme,
  type SpanScheme,
  schemeRules,
} from './scheme-rules.js';

export {
  type DetectedScheme,
  detectNotation,
  detectScheme,
  type Locate,
  nearestNotation,
  schemeProblems,
} from './detect-scheme.js';
export {
  type ParsedTag,
  parseTag,
  type Role,
  type Scheme,
  type SpanScheme,
  schemeByName,
} from './scheme-rules.js';

/**
 * The spans of a sentence, in order. A tag continues the span before it if that goes on, this comes from the left and
 * both have the same label; any other tag but `O` begins a span, so that broken sequences are read too: in BIO and
 * IOB1 as the conlleval script reads them. What is no tag counts as `O`.
 */
export function decodeSpans(tags: readonly string[], scheme: Scheme): Span[] {
  if (scheme === 'none') return tags.map((label, first) => ({ label, first, end: first + 1 }));
  const spans: Span[] = [];
  let first = 0;
  let previous = outside;
  const close = (end: number) => {
    if (previous.role !== 'O') spans.push({ label: previous.label, first, end });
  };
  for (let i = 0; i < tags.length; i++) {
    const tag = parseTag(tags[i]) ?? outside;
    if (!(goesOn(previous.role) && comesFrom(tag.role) && previous.label === tag.label)) {
      close(i);
      first = i;
    }
    previous = tag;
  }
  close(tags.length);
  return spans;
}

/** The tags of a sentence of `length` tokens. Spans are in order and do not overlap, else E_INTERNAL. */
export function encodeSpans(spans: readonly Span[], length: number, scheme: SpanScheme): string[] {
  const tags = new Array<string>(length).fill('O');
  let previous: Span | undefined;
  for (const span of spans) {
    const { label, first, end } = span;
    if (first < (previous?.end ?? 0) || end <= first || end > length) {
      throw new TaggerError('E_INTERNAL', {
        message: 'spans overlap, are out of order or leave the sentence',
        found: `${label} ${first}–${end} after ${previous?.end ?? 0}, in ${length} tokens`,
      });
    }
    const touches = previous?.end === first && previous.label === label;
    for (let i = first; i < end; i++) {
      tags[i] = `${schemeRules[scheme].roleOf(i === first, i === end - 1, touches)}-${label}`;
    }
    previous = span;
  }
  return tags;
}

/** The scheme of splits, models and baselines, whatever that of the files was: BIOES, or labels of single tokens. */
export const ownScheme = (scheme: Scheme): 'bioes' | 'none' => (scheme === 'none' ? 'none' : 'bioes');

/** The same spans in another scheme, in the standard spelling. Between `none` and a scheme of spans: E_CONFIG. */
export function convertTags(tags: readonly string[], from: Scheme, to: Scheme): string[] {
  if (from === 'none' && to === 'none') return [...tags];
  if (from === 'none' || to === 'none') {
    throw new TaggerError('E_CONFIG', {
      message: `tags of scheme ${from} cannot be written in scheme ${to}`,
    });
  }
  return encodeSpans(decodeSpans(tags, from), tags.length, to);
}

/** Whether a sequence of tags is well-formed. For `none` every sequence is. */
export function isValid(tags: readonly string[], scheme: Scheme): boolean {
  if (scheme === 'none') return true;
  let previous = outside;
  for (const text of tags) {
    const tag = parseTag(text);
    const fits = tag && (tag.role === 'O' || schemeRules[scheme].roles.includes(tag.role));
    if (!fits || !isAllowed(previous, tag, scheme)) return false;
    previous = tag;
  }
  return isAllowed(previous, outside, scheme);
}

/** The mask of a decoder: which tags (by index) may begin a sentence, end it, and follow each other. */
export interface AllowedTransitions {
  readonly start: readonly boolean[];
  readonly end: readonly boolean[];
  /** pairs[from][to] */
  readonly pairs: readonly (readonly boolean[])[];
}

/** The mask for a list of tags; with `none` everything is allowed. A text that is no tag: E_INTERNAL. */
export function allowedTransitions(tags: readonly string[], scheme: Scheme): AllowedTransitions {
  if (scheme === 'none') {
    const all = tags.map(() => true);
    return { start: all, end: all, pairs: tags.map(() => all) };
  }
  const parsed = tags.map((text) => {
    const tag = parseTag(text);
    if (!tag) throw new TaggerError('E_INTERNAL', { message: `"${text}" is no tag of scheme ${scheme}` });
    return tag;
  });
  return {
    start: parsed.map((tag) => isAllowed(outside, tag, scheme)),
    end: parsed.map((tag) => isAllowed(tag, outside, scheme)),
    pairs: parsed.map((from) => parsed.map((to) => isAllowed(from, to, scheme))),
  };
}
