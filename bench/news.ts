/** The bundled corpus as raw text. */
import { readFileSync } from 'node:fs';

/** Sentences of a document. */
const LENGTH = 10;

export function newsTexts(): string[] {
  const files = ['train', 'dev', 'test'].map(
    (name) => new URL(`../corpora/news/${name}.conll`, import.meta.url),
  );
  const sentences = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split(/\n\n+/)
      .map((rows) =>
        rows
          .split('\n')
          .map((row) => row.split(' ')[0])
          .join(' ')
          .replace(/ ([.,;:!?])/g, '$1'),
      )
      .filter((text) => text.trim() !== ''),
  );
  return Array.from({ length: Math.ceil(sentences.length / LENGTH) }, (_, i) =>
    sentences.slice(i * LENGTH, (i + 1) * LENGTH).join(' '),
  );
}
