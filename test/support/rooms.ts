/**
 * A corpus of documents of our own in which a tag depends on the sentence before: what a `bass` is, a fish or a voice, follows from the
 * place that the document has named last. A sentence by itself does not tell.
 */
import { seeded } from './arrays.js';

const places = { river: 'FISH', harbour: 'FISH', choir: 'VOICE', stage: 'VOICE' } as const;
const fillers = ['Nobody spoke .', 'It was late .', 'The light was grey .'];

/** Sentences of rows of word and tag. */
type Document = [word: string, tag: string][][];

export function rooms(count: number, stream: number, longest = 6): Document[] {
  const random = seeded(stream);
  const pick = <T>(of: readonly T[]) => of[random.below(of.length)];
  return Array.from({ length: count }, () => {
    const document: Document = [];
    let label = '';
    for (let left = 2 + random.below(longest - 1); left > 0; left--) {
      const kind = label === '' ? 0 : random.below(4);
      if (kind === 0) {
        const place = pick(Object.keys(places) as (keyof typeof places)[]);
        label = places[place];
        document.push(`We went to the ${place} .`.split(' ').map((word) => [word, 'O']));
      } else if (kind === 1) {
        document.push(
          pick(fillers)
            .split(' ')
            .map((word) => [word, 'O']),
        );
      } else {
        document.push(
          'The bass was fine .'
            .split(' ')
            .map((word) => [word, word === 'bass' ? `B-${label}` : 'O'] as [string, string]),
        );
      }
    }
    return document;
  });
}

export const conllOf = (documents: readonly Document[]): string =>
  documents
    .map((document) =>
      [
        '-DOCSTART- O\n',
        ...document.map((sentence) => sentence.map((row) => `${row.join(' ')}\n`).join('')),
      ].join('\n'),
    )
    .join('\n');

/** A pipeline `rooms.yaml` and its corpus. */
export function roomFiles(): Record<string, string> {
  const files = '{ train: train.txt, dev: dev.txt, test: test.txt }';
  return {
    'rooms.yaml': `
corpus: { format: conll, columns: [word, ner], name: rooms, licence: CC0-1.0, files: ${files} }
embeddings: [{ kind: word, dim: 8, unknown: 0 }]
encoder: { kind: gru, direction: forward, units: 16, inputDropout: 0, outputDropout: 0 }
training: { epochs: 30, batch: 4, optimizer: { kind: adam, rate: 0.02 } }
`,
    'train.txt': conllOf(rooms(80, 1)),
    'dev.txt': conllOf(rooms(20, 2)),
    'test.txt': conllOf(rooms(20, 3)),
  };
}
