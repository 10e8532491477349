/** CoNLL-U, already tokenised; `# newdoc` comments begin documents. */
import { conllu as corpusFormat, newDocumentComment } from '../../corpus/conllu.js';
import type { Document } from '../../text/document.js';
import { columnDecoder } from './column-decoding.js';
import { cutColumns, type RowKind } from './column-records.js';
import type { SourceKind } from './kind.js';

const commentSign = 0x23;
const sentenceId = /^#\s*sent_id\s*=\s*(.*?)\s*$/;

export const conllu: SourceKind = {
  endings: ['.conllu'],
  cutter: (_, { record }) => cutColumns(kindOf, record),
  decoder: () => columnDecoder(corpusFormat.open({}), { isToken: (line) => !line.startsWith('#'), idOf }),
};

function kindOf(line: Buffer): RowKind {
  if (line[0] !== commentSign) return 'row';
  const isMark = line.includes('newdoc') && newDocumentComment.test(line.toString());
  return isMark ? 'mark' : 'comment';
}

/** That of `# newdoc`, which is the first line where there is one; a sentence alone has that of `# sent_id`. */
function idOf({ sentences }: Document, lines: readonly string[]): string | undefined {
  const ofDocument = newDocumentComment.exec(lines[0])?.[1];
  if (ofDocument || sentences.length !== 1) return ofDocument || undefined;
  const sentenceIds = lines.map((line) => sentenceId.exec(line)?.[1]);
  return sentenceIds.find((id) => id);
}
