/** Which of many systems are drawn, and how each looks: the same in every picture. */
import type { Comparison, SystemReport } from './comparison.js';

/** Told apart by symbol, dashes and name as well. Okabe and Ito's colours, and ink for the first system. */
export interface Look {
  readonly color: string;
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'cross' | 'wye';
  readonly dashes: string;
}

export interface ShownSystem {
  readonly system: SystemReport;
  /** Short enough for a picture. */
  readonly label: string;
  readonly look: Look;
}

const looks: readonly Look[] = [
  { color: 'currentColor', symbol: 'circle', dashes: 'none' },
  { color: '#0072b2', symbol: 'square', dashes: '7 3' },
  { color: '#d55e00', symbol: 'triangle', dashes: '2 3' },
  { color: '#009e73', symbol: 'diamond', dashes: '9 3 2 3' },
  { color: '#cc79a7', symbol: 'star', dashes: '12 4' },
  { color: '#e69f00', symbol: 'cross', dashes: '4 4' },
  { color: '#56b4e9', symbol: 'wye', dashes: '1 4' },
];

/** As many as have a look of their own. */
export const mostShown = looks.length;

/** The first system, then the best of the others. */
export function shownSystems({ systems }: Comparison): ShownSystem[] {
  const [first, ...others] = systems;
  const best = others.toSorted((a, b) => b.score.value - a.score.value).slice(0, mostShown - 1);
  return [first, ...best].map((system, i) => ({ system, label: shortened(system.name), look: looks[i] }));
}

/** In whole characters as a reader counts them; without what no page can hold. */
export function shortened(text: string, most = 24): string {
  const clean = text.replace(/\p{Cc}/gu, ' ');
  const characters = [...new Intl.Segmenter('en').segment(clean)].map(({ segment }) => segment);
  return characters.length <= most ? clean : `${characters.slice(0, most - 1).join('')}…`;
}
