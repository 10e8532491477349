/** CoNLL columns: a word and its tag a row, a blank line after every sentence, and no marks between documents. */
import { conll as format } from '../corpus/conll.js';
import { columnTags } from './column-tags.js';
import type { OutputKind } from './format.js';
import { writeColumns } from './write-columns.js';

export const conll: OutputKind = {
  summary: 'a word and its tag a row, a blank line after every sentence',
  endings: ['.conll', '.bio', '.iob'],
  needsTokens: true,
  open(options) {
    // Not the name of the label, which may be `word` as well.
    const columns = format.open({ columns: ['word', 'tag'], separator: 'space', comments: false });
    return {
      ending: '.conll',
      head: '',
      between: '',
      tail: '',
      write: (document) =>
        writeColumns(
          document,
          columns,
          columnTags(document, options).map((tag) => ({ tag })),
        ),
    };
  },
};
