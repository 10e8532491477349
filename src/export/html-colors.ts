/**
 * Colours of labels: those of Okabe and Ito, which people with any colour vision tell apart (https://jfly.uni-koeln.de/color/),
 * and three lines under the text, for more labels than colours. The label itself always stands beside.
 */

export const colors = [
  '#0072b2', // blue
  '#e69f00', // orange
  '#009e73', // green
  '#cc79a7', // pink
  '#56b4e9', // sky
  '#d55e00', // vermilion
  '#f0e442', // yellow
  '#7a7a7a', // grey
];
export const lines = ['solid', 'dashed', 'dotted'];

/** The number of the style of a label: its color, and 8 for each further line. */
export type StyleOf = (label: string) => number;

/**
 * A label's style follows from its name. Where all labels are known, one whose style is taken gets a free one, so that eight
 * labels differ in color, and 24 in color or line.
 */
export function stylesOf(labels: readonly string[] = []): StyleOf {
  const known = new Map<string, number>();
  const taken = new Set<number>();
  for (const label of [...new Set(labels)].sort()) {
    const style = candidates(label).find((style) => !taken.has(style)) ?? candidates(label)[0];
    taken.add(style);
    known.set(label, style);
  }
  return (label) => known.get(label) ?? candidates(label)[0];
}

/** All styles in the order in which a label would have them: every color with one line, then with the next. */
function candidates(label: string): number[] {
  const first = hash(label);
  const turned = colors.map((_, i) => (first + i) % colors.length);
  return lines.flatMap((_, line) => turned.map((color) => line * colors.length + color));
}

/** The classes of a style: `c3 l1`. */
export const classesOf = (style: number): string =>
  `c${style % colors.length} l${Math.floor(style / colors.length)}`;

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
