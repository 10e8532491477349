/** Figures in words. */

/** `12.5 %` of a share from 0 to 1. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `1 token`, `2 tokens`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The first names of a list, and how many more there are. */
export function atMost(limit: number, names: readonly string[]): string {
  const more = names.length > limit ? [`${names.length - limit} more`] : [];
  return [...names.slice(0, limit), ...more].join(', ');
}

/** In quotes, white space other than the plain one as its number: most of it cannot be seen. */
export const quoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[^\S ]/g,
    (space) => `\\u${space.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
