/** Plain text, a file a document, called by its path. */
import { textOf, withId } from './decoding.js';
import type { Border, Cutter, Piece, SourceKind } from './kind.js';
import { tooLong } from './kind.js';

export const text: SourceKind = {
  endings: ['.txt'],
  cutter: (_, { record }) => cutWhole(record),
  decoder: () => (record) => {
    const id = record.position.name;
    const text = withId(id, () => textOf(record).replace(/^\uFEFF/, ''));
    return { id, text, sentences: [] };
  },
};

/** The whole input is one record, an empty one too. `limit` in bytes. */
function cutWhole(limit: number): Cutter {
  const start: Border = { offset: 0, line: 0 };
  let parts: Uint8Array[] = [];
  let size = 0;
  return {
    push(chunk) {
      size += chunk.length;
      if (size <= limit) parts.push(chunk);
      else parts = [];
      return [];
    },
    *end(): Iterable<Piece> {
      yield { ...start, ...(size > limit ? tooLong(limit) : { bytes: Buffer.concat(parts) }) };
    },
    pending: () => start,
    isReady: () => true,
    moveTo() {},
  };
}
