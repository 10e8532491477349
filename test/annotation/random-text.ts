/** Random text with whatever a text may hold: line ends, quotes, separators, many scripts, halves of surrogate pairs. */

const characters = [
  ...'aZ0 .,-\'"/\\_=|:\t\n\r\0é\u00A0ßжاک中字😂\u200D\u0301\uFEFF\u2028\u0085\u{10FFFF}',
  '\r\n',
  '""',
  '  ',
];
const halves = ['\ud83d', '\udc00'];

/** `hasHalves`: whether there are lone surrogates in it, which UTF-8 cannot hold. */
export function randomText(random: () => number, most: number, hasHalves = true): string {
  const all = hasHalves ? [...characters, ...halves] : characters;
  const length = Math.floor(random() * (most + 1));
  return Array.from({ length }, () => all[Math.floor(random() * all.length)]).join('');
}
