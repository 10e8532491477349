/** Why the offsets of a stretch do not give its stored text: what somebody else has counted. */
import { type Offsets, type OffsetUnit, offsetsOf, offsetUnits } from '../../text/offsets.js';

export interface StoredStretch {
  readonly start: number;
  readonly end: number;
  readonly text?: string;
}

/** A text as some other tool may have seen it, and what to say if the offsets fit it. */
interface View {
  readonly text: string;
  readonly offsets: Offsets;
  readonly hint: string;
}

/** How far from its place, in UTF-16 code units, a stored text is looked for. */
const reach = 2000;

/**
 * For one text a function that gives a hint, or undefined where nothing explains it. `normalize` is what the format does
 * to stored texts. What the text may have been is worked out once, at the first question.
 */
export function explainer(text: string, unit: OffsetUnit, normalize: (text: string) => string) {
  let views: View[] | undefined;
  const offsets = offsetsOf(text, unit);
  return ({ start, end, text: stored }: StoredStretch): string | undefined => {
    if (!stored) return undefined;
    views ??= viewsOf(text, unit);
    const view = views.find(({ text, offsets }) => {
      if (end > offsets.length) return false;
      const slice = text.slice(offsets.toUtf16(start), offsets.toUtf16(end));
      return normalize(slice) === normalize(stored) || slice === withLineFeeds(stored);
    });
    return view?.hint ?? shift(start, stored, text, offsets);
  };
}

/** The simplest first. */
function viewsOf(text: string, unit: OffsetUnit): View[] {
  const others = offsetUnits.filter((other) => other !== unit);
  const changed = changes
    .map(({ change, reason }) => ({ text: change(text), reason }))
    .filter((other) => other.text !== text);
  return [
    ...others.map((other) => ({ text, unit: other, reasons: [`offsets: ${other}`] })),
    ...changed.map(({ text, reason }) => ({ text, unit, reasons: [reason] })),
    ...others.flatMap((other) =>
      changed.map(({ text, reason }) => ({ text, unit: other, reasons: [`offsets: ${other}`, reason] })),
    ),
  ].map(({ text, unit, reasons }) => ({
    text,
    offsets: offsetsOf(text, unit),
    hint: reasons.join(', and '),
  }));
}

const withLineFeeds = (text: string) => text.replaceAll('\r\n', '\n');

const changes: readonly { readonly change: (text: string) => string; readonly reason: string }[] = [
  {
    change: withLineFeeds,
    reason:
      'write CR LF as LF in the text: it was counted as one character, by a tool that changes line ends',
  },
  {
    change: (text) => text.replace(/^\ufeff/, ''),
    reason: 'take the byte order mark off the text: it was not counted',
  },
  {
    change: (text) => text.normalize('NFC'),
    reason: 'write the text in Unicode normal form NFC, in which it was counted',
  },
];

/** How far off the nearest place of the stored text is. */
function shift(start: number, stored: string, text: string, offsets: Offsets): string | undefined {
  const at = offsets.toUtf16(start);
  const from = Math.max(0, at - reach);
  const near = text.slice(from, at + reach + stored.length);
  const [distance] = [near.lastIndexOf(stored, at - from), near.indexOf(stored, at - from)]
    .filter((index) => index >= 0)
    .map((index) => offsets.ofUtf16(from + index) - start)
    .sort((a, b) => Math.abs(a) - Math.abs(b));
  if (distance === undefined) return undefined;
  if (distance === 0) return 'correct the end: the stored text begins there, but has another length';
  const count = Math.abs(distance);
  const characters = count === 1 ? 'character' : 'characters';
  const mark = distance === -1 ? ': a byte order mark may have been counted that the text does not have' : '';
  return `the stored text stands ${count} ${characters} ${distance > 0 ? 'later' : 'earlier'}${mark}`;
}
