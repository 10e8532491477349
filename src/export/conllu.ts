/**
 * CoNLL-U. Labels of tokens go to `upos` or `xpos` where the model has learnt these, all others to MISC as `NER=B-PER`, under
 * the name of the column in capitals. Other columns are those that the document came with.
 */
import { conllu as format } from '../corpus/conllu.js';
import type { AnnotatedDocument, Sentence } from '../text/document.js';
import { columnTags } from './column-tags.js';
import type { OutputKind } from './format.js';
import { type Columns, writeColumns } from './write-columns.js';

/** Columns of the format that hold labels. */
const ownColumns = ['upos', 'xpos'];
const nothing = '_';
const noSpace = 'SpaceAfter=No';

export const conllu: OutputKind = {
  summary: 'CoNLL-U with upos or xpos, or spans in MISC as NER=B-PER',
  endings: ['.conllu'],
  needsTokens: true,
  open(options) {
    const columns = format.open({});
    const { label } = options;
    const isOwn = ownColumns.includes(label);
    return {
      ending: '.conllu',
      head: '',
      between: '',
      tail: '',
      write(document) {
        const tags = columnTags(document, options);
        const spaces = spacesAfter(document);
        const written = document.sentences.map((sentence, s): Columns => {
          const added = isOwn ? undefined : { name: label.toUpperCase(), values: tags[s] };
          const misc = miscOf(sentence, spaces[s], added);
          return { ...sentence.columns, ...(isOwn && { [label]: tags[s] }), misc };
        });
        return writeColumns(document, columns, written);
      },
    };
  },
};

/** For each token whether white space follows, or the end of the document. */
function spacesAfter({ sentences }: AnnotatedDocument): boolean[][] {
  const starts = sentences.flatMap(({ tokens }) => tokens.map(({ start }) => start));
  let next = 0;
  return sentences.map(({ tokens }) => tokens.map(({ end }) => starts[++next] !== end));
}

/** What was there, with our own values instead of older ones. */
function miscOf(
  { tokens, columns }: Sentence,
  spaces: readonly boolean[],
  added: { readonly name: string; readonly values: readonly string[] } | undefined,
): string[] {
  return tokens.map((_, t) => {
    const isOther = (part: string) =>
      part !== nothing && part !== noSpace && !(added && part.startsWith(`${added.name}=`));
    const parts = (columns?.misc?.[t] ?? nothing).split('|').filter(isOther);
    if (added && added.values[t] !== 'O') parts.push(`${added.name}=${added.values[t]}`);
    if (!spaces[t]) parts.push(noSpace);
    return parts.join('|') || nothing;
  });
}
