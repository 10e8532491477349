/** The column to learn: which it is, in which scheme it is written, and its tags as training wants them. */
import { type Place, type Problem, TaggerError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import type { Document, Sentence } from '../text/document.js';
import {
  convertTags,
  type DetectedScheme,
  detectNotation,
  type Locate,
  ownScheme,
  type Scheme,
  schemeProblems,
} from '../text/schemes.js';
import type { CorpusFile, CorpusFormat } from './format.js';
import { locateIn, sentencesOf } from './layout.js';

export interface LabelledSentence {
  /** The words. */
  readonly tokens: readonly string[];
  /** One a token: BIOES tags, or for scheme `none` the labels themselves. */
  readonly tags: readonly string[];
  /** The other columns of the file, one value a token, for models that read them beside the words; absent where there are none. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
}

export interface Split {
  readonly documents: readonly Document[];
  /** The sentences of the documents, in order. */
  readonly sentences: readonly LabelledSentence[];
  /** Where a token's label stands in the files. Only where it was asked for: it keeps their whole layout in memory. */
  readonly locate?: Locate;
}

/** The column to learn. Throws E_CONFIG with the nearest name where there is none of this name. */
export function labelColumn(format: CorpusFormat, label: string | undefined, corpus: string): string {
  const columns = format.cells.filter((cell) => cell !== 'word');
  const wanted = label ?? format.label;
  if (columns.includes(wanted)) return wanted;
  throw new TaggerError('E_CONFIG', {
    message: `${corpus} has no column "${wanted}" to learn`,
    place: { key: 'corpus.label' },
    expected: columns.join(' or '),
    found: wanted,
    hint: nearest(wanted, columns),
  });
}

/** The column of some files as they write it. */
export interface LabelledFiles {
  readonly label: string;
  readonly documents: readonly Document[];
  /** One list a sentence, one tag a token. */
  readonly tags: readonly (readonly string[])[];
  readonly locate: Locate;
}

export function labelsOf(format: CorpusFormat, files: readonly CorpusFile[], label: string): LabelledFiles {
  const documents = files.flatMap((file) => file.documents);
  const tags = sentencesOf(documents).map((sentence) => sentence.columns?.[label] ?? []);
  // Places are worked out at the first question: most corpora raise none.
  let places: ((token: number) => Place)[] | undefined;
  const locate = (sentence: number, token: number) => {
    places ??= files.flatMap((file) => {
      const locate = locateIn(file, format.cells, label);
      return sentencesOf(file.documents).map((_, i) => (token: number) => locate(i, token));
    });
    return places[sentence](token);
  };
  return { label, documents, tags, locate };
}

/** How the tags are written. Throws E_CORPUS_FORMAT with every tag that does not fit the scheme, found or declared. */
export function notationOf({ tags, locate }: LabelledFiles, scheme: Scheme | 'auto'): DetectedScheme {
  if (scheme === 'none') return { scheme, name: 'none' };
  if (scheme === 'auto') return detectNotation(tags, locate);
  refuse(schemeProblems(tags, scheme, locate));
  const shown = detectNotation(tags, locate);
  return shown.scheme === scheme ? shown : { scheme, name: scheme.toUpperCase() };
}

/** Throws E_CORPUS_FORMAT with every tag of other splits that does not fit the scheme of train. */
export function expectScheme(others: readonly LabelledFiles[], scheme: Scheme): void {
  refuse(others.flatMap(({ tags, locate }) => schemeProblems(tags, scheme, locate)));
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new TaggerError('E_CORPUS_FORMAT', problems);
}

/** `places`: whether the split can locate its tokens. */
export function toSplit(
  { label, documents, tags, locate }: LabelledFiles,
  scheme: Scheme,
  places = false,
): Split {
  const target = ownScheme(scheme);
  const sentences = sentencesOf(documents).map(({ tokens, columns }, i) => ({
    tokens: tokens.map(({ text }) => text),
    tags: convertTags(tags[i], scheme, target),
    ...othersOf(columns, label),
  }));
  return places ? { documents, sentences, locate } : { documents, sentences };
}

function othersOf(columns: Sentence['columns'], label: string): Pick<LabelledSentence, 'columns'> {
  const others = Object.entries(columns ?? {}).filter(([name]) => name !== label);
  return others.length > 0 ? { columns: Object.fromEntries(others) } : {};
}
