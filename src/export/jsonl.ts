/** JSON lines, with all that tagger knows of a document; a document that failed has an `error` in its place. */
import { openRecords } from '../corpus/standoff/index.js';
import type { AnnotatedDocument, Entity } from '../text/document.js';
import { offsetsOf } from '../text/offsets.js';
import type { OutputKind } from './format.js';

export const jsonl: OutputKind = {
  summary: 'a JSON object a line: id, text, tokens, entities, and the other fields of the input',
  endings: ['.jsonl', '.ndjson'],
  open(options) {
    const { unit = 'utf16' } = options;
    const { ending, head, between, tail, write } = openRecords('jsonl', { ...options, unit });
    return {
      ending,
      head,
      between,
      tail,
      write: (document) => write(withSequences(document, unit)),
      writeError: ({ id, ...error }) => `${JSON.stringify({ id, error })}\n`,
    };
  },
};

/** The sequences and the windows of sentences as fields, in the unit of the file. */
function withSequences(document: AnnotatedDocument, unit: 'utf16' | 'codepoint'): AnnotatedDocument {
  const { text, nbest, windows, fields } = document;
  if (!nbest && !windows) return document;
  const { ofUtf16 } = offsetsOf(text, unit);
  const moved = <T extends Pick<Entity, 'start' | 'end'>>(range: T): T => ({
    ...range,
    start: ofUtf16(range.start),
    end: ofUtf16(range.end),
  });
  const sequences = nbest?.map((sentence) => ({
    ...moved(sentence),
    sequences: sentence.sequences.map((each) => ({ ...each, entities: each.entities.map(moved) })),
  }));
  const own = { ...(sequences && { nbest: sequences }), ...(windows && { windows: windows.map(moved) }) };
  return { ...document, fields: { ...own, ...fields } };
}
