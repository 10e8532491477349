/** Find out which scheme a column of tags is written in, and say where it breaks its own rules. */
import { type Place, type Problem, TaggerError } from '../core/errors.js';
import {
  isAllowed,
  outside,
  type ParsedTag,
  parseTag,
  type Scheme,
  type SpanScheme,
} from './scheme-rules.js';

/** Where a token stands in its file, both indices from 0. */
export type Locate = (sentence: number, token: number) => Place;

interface Notation {
  readonly name: string;
  readonly scheme: SpanScheme;
  readonly letters: string;
}

/** The spellings in use; the first wins where several explain the tags equally well (such as all `O`). */
const notations: readonly Notation[] = [
  { name: 'BIO', scheme: 'bio', letters: 'BI' },
  { name: 'IOB1', scheme: 'iob1', letters: 'BI' },
  { name: 'BIOES', scheme: 'bioes', letters: 'BIES' },
  { name: 'BMES', scheme: 'bioes', letters: 'BMES' },
  { name: 'BILOU', scheme: 'bioes', letters: 'BILU' },
];

export interface DetectedScheme {
  readonly scheme: Scheme;
  /** As people write it: `BIO`, `IOB1`, `BIOES`, `BMES`, `BILOU` or `none`. */
  readonly name: string;
}

/**
 * The scheme of sentences of tags: the one that explains every tag. `none` if nothing looks like a tag of a span.
 * Otherwise throws E_CORPUS_FORMAT with every tag that is no tag or breaks the scheme that explains most.
 */
export function detectNotation(
  sentences: readonly (readonly string[])[],
  locate: Locate = placeInList,
): DetectedScheme {
  const best = nearestNotation(sentences);
  const notation = notations.find(({ name }) => name === best.name);
  const problems = notation
    ? [...faults(sentences, notation)].map((fault) => describe(fault, notation, locate))
    : [];
  if (problems.length > 0) throw new TaggerError('E_CORPUS_FORMAT', problems);
  return best;
}

/** The scheme that explains most tags, however many others there are. `none` if nothing looks like a tag of a span. */
export function nearestNotation(sentences: readonly (readonly string[])[]): DetectedScheme {
  if (!sentences.some((tags) => tags.some(parseTag))) {
    const scheme = sentences.some((tags) => tags.length > 0) ? 'none' : 'bio';
    return { scheme, name: scheme === 'none' ? 'none' : 'BIO' };
  }
  const counts = notations.map((notation) => count(faults(sentences, notation)));
  return notations[counts.indexOf(Math.min(...counts))];
}

/** As {@link detectNotation}, the scheme alone. */
export function detectScheme(sentences: readonly (readonly string[])[], locate?: Locate): Scheme {
  return detectNotation(sentences, locate).scheme;
}

/** Every tag that breaks a scheme declared beforehand, in whichever spelling; empty if all is well. */
export function schemeProblems(
  sentences: readonly (readonly string[])[],
  scheme: Scheme,
  locate: Locate = placeInList,
): Problem[] {
  if (scheme === 'none') return [];
  const candidates = notations
    .filter((notation) => notation.scheme === scheme)
    .map((notation) => [...faults(sentences, notation)].map((fault) => describe(fault, notation, locate)));
  return candidates.reduce((fewest, problems) => (problems.length < fewest.length ? problems : fewest));
}

interface Fault {
  readonly sentence: number;
  readonly token: number;
  readonly text: string;
  /** The tag before; undefined when the text is wrong by itself. */
  readonly previous?: ParsedTag;
  readonly isLast: boolean;
}

/** The tags that a notation does not explain. What is no tag excuses the tag after it: one slip, one fault. */
function* faults(sentences: readonly (readonly string[])[], notation: Notation): Generator<Fault> {
  for (let sentence = 0; sentence < sentences.length; sentence++) {
    const tags = sentences[sentence];
    let previous: ParsedTag | undefined = outside;
    for (let token = 0; token < tags.length; token++) {
      const text = tags[token];
      const tag = parseTag(text);
      const isLast = token === tags.length - 1;
      if (!tag || !isOf(notation, text)) yield { sentence, token, text, isLast };
      else if (previous && !fits(previous, tag, isLast, notation))
        yield { sentence, token, text, previous, isLast };
      previous = tag;
    }
  }
}

const isOf = (notation: Notation, text: string): boolean =>
  text === 'O' || notation.letters.includes(text[0]);

function fits(previous: ParsedTag, tag: ParsedTag, isLast: boolean, { scheme }: Notation): boolean {
  return isAllowed(previous, tag, scheme) && (!isLast || isAllowed(tag, outside, scheme));
}

function count(items: Iterable<unknown>): number {
  let n = 0;
  for (const _ of items) n++;
  return n;
}

function describe(fault: Fault, notation: Notation, locate: Locate): Problem {
  const { sentence, token, text, previous, isLast } = fault;
  const place = locate(sentence, token);
  const tag = parseTag(text);
  const anyTag = `O or a label after ${[...notation.letters].map((letter) => `${letter}-`).join(', ')}`;
  if (!tag) {
    const hint = 'if the column holds labels of single tokens, such as parts of speech, set scheme: none';
    return { message: `"${text}" is no tag`, place, expected: anyTag, found: `"${text}"`, hint };
  }
  const breaksAtEnd = isLast && !isAllowed(tag, outside, notation.scheme);
  const breaksBefore = previous && !isAllowed(previous, tag, notation.scheme);
  const before =
    token === 0 ? 'at the start of the sentence' : `after ${spell(previous ?? outside, notation)}`;
  return {
    message: `tag "${text}" does not fit ${notation.name}`,
    place,
    expected: previous ? alternatives(previous, tag, isLast, notation).join(' or ') : anyTag,
    found: [`"${text}"`, breaksBefore && before, previous && breaksAtEnd && 'at the end of the sentence']
      .filter(Boolean)
      .join(' '),
    hint: 'write the whole corpus in one scheme',
  };
}

/** What could stand instead: the tags of both labels at hand that fit. */
function alternatives(previous: ParsedTag, tag: ParsedTag, isLast: boolean, notation: Notation): string[] {
  const labels = new Set([tag.label, previous.label].filter((label) => label !== ''));
  const texts = [...labels].flatMap((label) => [...notation.letters].map((letter) => `${letter}-${label}`));
  return [...texts, 'O'].filter((text) => {
    const candidate = parseTag(text);
    return candidate && fits(previous, candidate, isLast, notation);
  });
}

/** A tag in the letters of a notation. */
function spell({ role, label }: ParsedTag, { letters }: Notation): string {
  const letter = [...letters].find((text) => parseTag(`${text}-${label}`)?.role === role);
  return letter ? `${letter}-${label}` : 'O';
}

/** Without a file: counted from 1, as people count. */
function placeInList(sentence: number, token: number): Place {
  return { record: `sentence ${sentence + 1}, token ${token + 1}` };
}
