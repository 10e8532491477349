/** A template for pages in which all is text unless it was made by the template itself. */
import { escaped } from '../export/escaped.js';

/** Text that is a part of a page already. */
export class Markup {
  constructor(readonly text: string) {}
}

/** Nothing where absent. */
export type Content = string | number | Markup | undefined | readonly Content[];

/**
 * Values in attributes stand in double quotes.
 *
 * @example
 * html`<td title="${name}">${name}</td>`.text;
 */
export const html = (strings: TemplateStringsArray, ...values: readonly Content[]): Markup =>
  new Markup(strings.map((text, i) => text + (i < values.length ? textOf(values[i]) : '')).join(''));

function textOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  return escaped(String(content));
}
