/** Draws with Observable Plot into a document of linkedom; both are loaded when the first picture is drawn. */
import type { PlotOptions } from '@observablehq/plot';
import { Markup } from './markup.js';

export type Plot = typeof import('@observablehq/plot');

export interface Picture {
  /** Of its elements; unique on the page. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen, for those who do not see it. */
  readonly description: string;
  readonly options: (plot: Plot) => PlotOptions;
}

/** An SVG element with a title and a description. */
export async function draw({ id, title, description, options }: Picture): Promise<Markup> {
  const [plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = plot.plot({
    document,
    className: 'plot',
    style: { fontSize: '12px' },
    ...options(plot),
  });
  svg.querySelector('style')?.remove();
  // The label of an axis stands at the very top: its accents need room.
  const [, , width, height] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number);
  svg.setAttribute('viewBox', `0 -6 ${width} ${height + 6}`);
  svg.setAttribute('height', `${height + 6}`);
  for (const [name, text] of [
    ['desc', description],
    ['title', title],
  ]) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    element.id = `${id}-${name}`;
    element.textContent = text;
    svg.prepend(element);
  }
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${id}-title ${id}-desc`);
  return new Markup(svg.outerHTML);
}
