import type { OutputKind } from './format.js';
export const html: OutputKind = {
  summary: 'a page',
  endings: ['.html', '.htm'],
  open: () => ({ ending: '.html', head: '', between: '', tail: '', write: ({ text }) => text }),
};
