/** CoNLL columns, already tokenised; -DOCSTART- lines begin documents. */
import { conll as corpusFormat, documentStart } from '../../corpus/conll.js';
import { columnDecoder } from './column-decoding.js';
import { cutColumns, type RowKind } from './column-records.js';
import type { SourceKind } from './kind.js';

const mark = Buffer.from(documentStart);
const commentSign = 0x23;

export const conll: SourceKind = {
  endings: ['.conll', '.bio', '.iob'],
  cutter({ comments }, { record }) {
    const kindOf = (line: Buffer): RowKind => {
      if (line.subarray(0, mark.length).equals(mark)) return 'mark';
      return comments && line[0] === commentSign ? 'comment' : 'row';
    };
    return cutColumns(kindOf, record);
  },
  decoder: (options) =>
    columnDecoder(corpusFormat.open(options), {
      isToken: (line) => !line.startsWith(documentStart) && !(options.comments && line.startsWith('#')),
      idOf: () => undefined,
    }),
};
