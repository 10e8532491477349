/** What a browser makes of the pages that we write: their markup is so plain that a few lines can read it. */
import type { Entity } from '../../src/text/document.js';

const decoded: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#13;': '\r',
};

function decode(text: string): string {
  return text.replace(/&[#\w]+;/g, (reference) => {
    const character = decoded[reference];
    if (character === undefined) throw new Error(`unknown reference ${reference}`);
    return character;
  });
}

/** The markup of the text of the document with this index. */
function markupOf(html: string, index: number): string {
  const bodies = [...html.matchAll(/<div class="text" dir="auto">(.*?)<\/div>/gs)];
  const markup = bodies[index][1];
  // A browser turns these into line feeds, and drops the other.
  if (/[\r\0]/.test(markup)) throw new Error('a character that a browser changes');
  return markup;
}

/** As `textContent` has it. */
export const contentOf = (html: string, index: number): string =>
  decode(markupOf(html, index).replace(/<[^>]*>/g, ''));

/** Its labelled elements, in the order in which they begin. NUL is what it was. */
export function stretchesOf(html: string, index: number): Omit<Entity, 'score'>[] {
  const found: { label: string; start: number; end: number; text: string }[] = [];
  const open: number[] = [];
  let text = '';
  for (const [piece] of markupOf(html, index).matchAll(/<[^>]*>|[^<]+/g)) {
    const label = /^<(?:mark|span) .*data-label="([^"]*)"/.exec(piece)?.[1];
    if (label !== undefined) {
      open.push(found.length);
      found.push({ label: decode(label), start: text.length, end: 0, text: '' });
    } else if (piece.startsWith('</')) {
      const stretch = found[open.pop() as number];
      Object.assign(stretch, { end: text.length, text: text.slice(stretch.start) });
    } else text += decode(piece).replaceAll('\uFFFD', '\0');
  }
  return found;
}
