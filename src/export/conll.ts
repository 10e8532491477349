/** CoNLL columns: a word and its tag a row, a blank line after every sentence, and no marks between documents. */
import { TaggerError } from '../core/errors.js';
import { documentStart, conll as format } from '../corpus/conll.js';
import type { AnnotatedDocument } from '../text/document.js';
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
      write(document) {
        expectNoStart(document);
        const tags = columnTags(document, options);
        return writeColumns(
          document,
          columns,
          tags.map((tag) => ({ tag })),
        );
      },
    };
  },
};

/** A row that begins so is a mark between documents to whoever reads it. */
function expectNoStart({ id, sentences }: AnnotatedDocument): void {
  const words = sentences.flatMap(({ tokens }) => tokens.map(({ text }) => text));
  const found = words.find((word) => word.startsWith(documentStart));
  if (found === undefined) return;
  const message = `a word of CoNLL columns cannot begin with ${documentStart}`;
  throw new TaggerError('E_DOCUMENT', { message, place: { record: id }, found: JSON.stringify(found) });
}
