/** Documents with entities in their text, and the files that a format of offsets writes them to. */
import { openStandoff, type StandoffName } from '../../src/corpus/standoff/index.js';
import type { Document, Entity } from '../../src/text/document.js';

/** `[Ada Weller](PER) came.`: the text without the marks, and what they mark. */
export function annotated(marked: string, id = 'd'): Document {
  const entities: Entity[] = [];
  let text = '';
  let last = 0;
  for (const { 0: mark, 1: inside, 2: label, index } of marked.matchAll(/\[([^\]]*)\]\((\w+)\)/g)) {
    text += marked.slice(last, index);
    entities.push({ label, start: text.length, end: text.length + inside.length, text: inside });
    text += inside;
    last = index + mark.length;
  }
  return { id, text: text + marked.slice(last), sentences: [], entities };
}

/** The content of each file by its name; `stem` is the name of one of many documents, without an ending. */
export function offsetFiles(
  format: StandoffName,
  stem: string,
  documents: readonly Document[],
): Record<string, string> {
  const opened = openStandoff(format);
  if ('files' in opened) {
    const files = documents.flatMap((document) =>
      [...opened.files(document)].map(([ending, text]) => [`${stem}-${document.id}${ending}`, text]),
    );
    return Object.fromEntries(files);
  }
  const { ending, head, between, tail, write } = opened;
  return { [stem + ending]: head + documents.map(write).join(between) + tail };
}
