/** Cut a text into sentences with exact offsets. */
import { z } from 'zod';
import { locale } from './locale.js';
import { align } from './tokenizers/align.js';
import { naturalModule } from './tokenizers/natural.js';
import { skipSpace } from './white-space.js';
import { windows } from './windows.js';

/** A stretch of a text that begins and ends with a character, not with white space. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface SentenceSplitter {
  split(text: string): Range[];
}

/** In wrapped text a line break is a space and only an empty line ends a paragraph; else every line break does. */
const wrapped = z.boolean().default(false);
const naturalOptions = z.strictObject({ kind: z.literal('natural'), wrapped });
const unicodeOptions = z.strictObject({
  kind: z.literal('unicode'),
  wrapped,
  locale,
});
const linesOptions = z.strictObject({ kind: z.literal('lines') });
const noneOptions = z.strictObject({ kind: z.literal('none') });

/**
 * natural has two sentence tokenizers. The new one cuts `example.com` and `U.S.` at every full stop, and its time is
 * quadratic (it compiles an expression for every full stop of every sentence); so this is the older one, which its
 * package calls deprecated. It is shown the text without the full stops that end nothing.
 */
const natural = {
  options: naturalOptions,
  create({ wrapped }: z.output<typeof naturalOptions>): SentenceSplitter {
    const tokenizer = new (naturalModule('sentence_tokenizer_deprecated'))();
    return byParagraph(wrapped, (seen) =>
      (tokenizer.tokenize(seen) ?? []).filter((part) => part !== undefined),
    );
  },
};

/** Sentences as Unicode cuts them (UAX #29), for any language. */
const unicode = {
  options: unicodeOptions,
  create({ wrapped, locale }: z.output<typeof unicodeOptions>): SentenceSplitter {
    const segmenter = new Intl.Segmenter(locale, { granularity: 'sentence' });
    return byParagraph(wrapped, (seen) =>
      Array.from(segmenter.segment(seen), ({ segment }) => segment.trim()),
    );
  },
};

/** One sentence a line. */
const lines = {
  options: linesOptions,
  create: (): SentenceSplitter => ({ split: (text) => paragraphs(text, false) }),
};

/** The whole text is one sentence. */
const none = {
  options: noneOptions,
  create: (): SentenceSplitter => ({
    split: (text) => [trimmed(text, 0, text.length)].filter(({ start, end }) => end > start),
  }),
};

export const splitterKinds = { natural, unicode, lines, none } as const;

export const splitterOptions = z.discriminatedUnion('kind', [
  naturalOptions,
  unicodeOptions,
  linesOptions,
  noneOptions,
]);

export type SplitterOptions = z.output<typeof splitterOptions>;

export const defaultSplitter: SplitterOptions = { kind: 'natural', wrapped: false };

export function createSplitter(options: SplitterOptions = defaultSplitter): SentenceSplitter {
  const create = splitterKinds[options.kind].create as (options: SplitterOptions) => SentenceSplitter;
  return create(options);
}

function byParagraph(wrapped: boolean, cut: (seen: string) => Iterable<string>): SentenceSplitter {
  return {
    split: (text) =>
      paragraphs(text, wrapped).flatMap(({ start, end }) => {
        const paragraph = text.slice(start, end);
        const seen = hideFalseEnds(paragraph);
        return align(paragraph, byWindow(seen, cut), start, seen);
      }),
  };
}

/** A sentence is cut by force behind so many code units: both splitters are quadratic or overflow on endless ones. */
const longest = 5000;

/** The sentences of a long paragraph, window by window; the last one of a window may go on in the next. */
function* byWindow(seen: string, cut: (seen: string) => Iterable<string>): Generator<string> {
  let last = '';
  for (const window of windows(seen)) {
    const sentences = [...cut(last + window)];
    last = sentences.pop() ?? '';
    yield* sentences;
    if (last.length > longest) {
      yield last;
      last = '';
    }
  }
  yield last;
}

/** A line break or an empty line; and a gap as wide as a table's, since natural's time is quadratic in it. */
const breaks = { line: /\r\n?|[\n\u2028\u2029]|\s{80}/g, emptyLine: /\r?\n[^\S\n]{0,79}\n|\u2029|\s{80}/g };

function paragraphs(text: string, wrapped: boolean): Range[] {
  const ranges: Range[] = [];
  let from = 0;
  const add = (to: number) => {
    const range = trimmed(text, from, to);
    if (range.end > range.start) ranges.push(range);
  };
  for (const { 0: gap, index } of text.matchAll(wrapped ? breaks.emptyLine : breaks.line)) {
    add(index);
    from = index + gap.length;
  }
  add(text.length);
  return ranges;
}

function trimmed(text: string, from: number, to: number): Range {
  const start = skipSpace(text, from, to);
  return { start, end: start + text.slice(start, to).trimEnd().length };
}

const abbreviations =
  'Adm|Capt|Cmdr|Col|Cpl|Dr|Drs|Fr|Gen|Gov|Hon|Lt|Maj|Messrs|Mr|Mrs|Ms|Mt|Pres|Prof|Rep|Reps|Rev|Sen|Sens|Sgt|St|' +
  'Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|cf|al|approx|ca|e\\.g|i\\.e|viz|vs|Fig|No|Nos|pp|Vol';

/** Ends inside an address, full stops before a small letter, after an abbreviation or an initial, and after the number of an item. */
const falseEnd = new RegExp(
  `[?!](?=[\\p{Ll}\\p{N}])|\\.(?=\\s{1,80}\\p{Ll})|(?<=(?<![\\p{L}\\p{N}.])(?:\\p{Lu}|${abbreviations}))\\.(?=\\s)|(?<=^\\d{1,3})\\.(?=\\s)`,
  'gu',
);

/** Closing marks after an end but the last, which natural allows alone; bounded to keep the search linear. */
const closers = /(?<=[.?!…]["'”’)\]}]{0,3})["'”’)\]}](?=["'”’)\]}]{1,3}(?:\s|$))/g;

/** The paragraph at equal length with only those full stops that may end a sentence; line breaks are spaces. */
function hideFalseEnds(paragraph: string): string {
  return paragraph
    .replace(/[\n\r\u2028\u2029]/g, ' ')
    .replace(falseEnd, 'x')
    .replace(closers, '.');
}
