/** That another file has the words of an annotated one, sentence by sentence: else nothing in it can be compared. */
import { formatPlace, type Place, TaggerError } from '../core/errors.js';
import type { Locate } from '../text/schemes.js';

export interface WordsInFile {
  /** The name of the file. */
  readonly file: string;
  /** One list a sentence. */
  readonly words: readonly (readonly string[])[];
  readonly locate: Locate;
  /** Whether the file itself says what its sentences are; of formats of texts they are ours. */
  readonly hasSentences: boolean;
}

/** Throws E_CORPUS_FORMAT at the first difference, with the place in `other`. */
export function expectSameWords(gold: WordsInFile, other: WordsInFile): void {
  const sentences = Math.max(gold.words.length, other.words.length);
  for (let s = 0; s < sentences; s++) {
    const [expected, found] = [gold.words[s], other.words[s]];
    const tokens = Math.max(expected?.length ?? 0, found?.length ?? 0);
    for (let t = 0; t < tokens; t++) {
      if (expected?.[t] !== found?.[t]) throw difference(gold, other, s, t);
    }
  }
}

function difference(gold: WordsInFile, other: WordsInFile, s: number, t: number): TaggerError {
  const [expected, found] = [wordAt(gold, s, t), wordAt(other, s, t)];
  const isShort = other.words[s]?.[t] === undefined && wordsIn(other) < wordsIn(gold);
  return new TaggerError('E_CORPUS_FORMAT', {
    message: isShort
      ? 'words of the annotated file are missing here'
      : 'the annotated file has another word here',
    place: placeOf(other, s, t),
    expected: `${expected} (${formatPlace(placeOf(gold, s, t))})`,
    found: `${found}; in all ${sizeOf(other)}, where the annotated file has ${sizeOf(gold)}`,
    hint: isShort
      ? 'write every word, with the tag _ where the system gave none'
      : 'the same words in the same sentences',
  });
}

function wordAt({ words }: WordsInFile, s: number, t: number): string {
  const end = s >= words.length ? 'file' : 'sentence';
  const word = words[s]?.[t];
  return word === undefined ? `the end of the ${end}` : JSON.stringify(word);
}

/** The place of the token, or of the last one before it. */
function placeOf({ file, words, locate }: WordsInFile, s: number, t: number): Place {
  for (let sentence = Math.min(s, words.length - 1); sentence >= 0; sentence--) {
    const last = words[sentence].length - 1;
    const token = sentence === s ? Math.min(t, last) : last;
    if (token >= 0) return locate(sentence, token);
  }
  return { file };
}

const wordsIn = ({ words }: WordsInFile): number => words.reduce((sum, { length }) => sum + length, 0);

const sizeOf = (file: WordsInFile): string => `${wordsIn(file)} words in ${file.words.length} sentences`;
