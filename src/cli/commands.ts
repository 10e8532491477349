/** The table of commands. To add one: a file beside this with `define`, and a line here; `corpus check` is `check` of a group. */
import type { Command } from 'commander';

interface CommandEntry {
  readonly summary: string;
  /** The module that gives the command its arguments, options and action. */
  readonly load: () => Promise<{ define: (command: Command) => void }>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  train: { summary: 'train a model on a corpus', load: () => import('./train.js') },
  search: { summary: 'try random settings and find the best', load: () => import('./search.js') },
  evaluate: { summary: 'score a model on an annotated file', load: () => import('./evaluate.js') },
  compare: {
    summary: 'compare models with baselines and write a report',
    load: () => import('./compare.js'),
  },
  annotate: { summary: 'annotate raw text, to JSON lines', load: () => import('./annotate.js') },
  convert: { summary: 'turn annotated files into another format', load: () => import('./convert.js') },
  'corpus check': {
    summary: 'look a corpus over before training on it',
    load: () => import('./corpus-check.js'),
  },
};
