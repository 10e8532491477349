/**
 * Running text with tags, as the Brown corpus is written: `The/at jury/nn said/vbd ./.`, a sentence a line, a file a
 * document. A word may contain `/` (`1/2/cd`), a tag never does.
 */
import { basename } from 'node:path';
import { collect } from './collect.js';
import type { CellFormat, CorpusFile, FormatKind, Source } from './format.js';
import { join, plainGaps } from './layout.js';
import { type Bounds, linesOf, splitAtSpaces } from './lines.js';

const cells = ['word', 'pos'];

/** None: there is one way to write it. */
const options = {};

export const brown: FormatKind<typeof options, CellFormat> = {
  options,
  open: () => ({ cells, label: 'pos', read, write }),
};

function read(source: Source): CorpusFile {
  const { text } = source;
  const collector = collect(source, cells);
  collector.startDocument(basename(source.name));
  for (const line of linesOf(text)) {
    let space = '\n';
    for (const [start, end] of splitAtSpaces(text, line)) {
      const slash = start + text.slice(start, end).lastIndexOf('/');
      const word: Bounds = [start, slash];
      const tag: Bounds = [slash + 1, end];
      if (slash > start && tag[0] < end) {
        collector.row([word, tag], space);
        space = ' ';
        continue;
      }
      const message = slash < start ? 'no tag' : slash === start ? 'empty word' : 'empty tag';
      const found = JSON.stringify(text.slice(start, end));
      collector.report(line, start, { message, expected: 'word/tag', found });
    }
    collector.endSentence();
  }
  return collector.finish();
}

function write({ name, documents, gaps }: CorpusFile): string {
  return join(name, documents, gaps ?? plain(documents), cells, /[ \t\n]/);
}

function plain(documents: CorpusFile['documents']): string[] {
  return plainGaps(documents, cells.length, {
    beforeSentence: () => '',
    beforeRow: (token) => (token === 0 ? '' : ' '),
    beforeCell: () => '/',
    afterRow: '',
    afterSentence: '\n',
  });
}
