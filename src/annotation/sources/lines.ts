/** Plain text, a line a document. An empty line is an empty document: one line in, one line out. */
import { numbered } from '../source.js';
import { textOf } from './decoding.js';
import type { SourceKind } from './kind.js';
import { cutOneALine } from './one-a-line.js';

export const lines: SourceKind = {
  // As text has them, which is what a file is taken for; in a folder with --from lines they are meant.
  endings: ['.txt'],
  cutter: (_, { record: limit }) => cutOneALine({ skipBlank: false, limit }),
  decoder: () => (record) => ({ id: numbered(record.position), text: textOf(record), sentences: [] }),
};
