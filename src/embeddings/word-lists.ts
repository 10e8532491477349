/** Lists of names and terms in text files, an entry a line, as the phrases of a gazetteer. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Place, TaggerError } from '../core/errors.js';
import { decodeUtf8 } from '../corpus/utf8.js';
import { firstFile, placesOf } from './locate-file.js';

/** Paths of files by the type of what they list. */
export type ListFiles = Readonly<Record<string, string | readonly string[]>>;

export interface ReadingContext {
  readonly base?: string;
  readonly place: Place;
  /** The words of a text. */
  readonly cut?: (text: string) => readonly string[];
  /** The form in which words are compared. */
  readonly normalize: (word: string) => string;
}

/**
 * The phrases of all lists, words with single spaces in between, each with the types that list it as bits: 1 for the first type.
 * An entry is cut by white space and, where that cuts it otherwise, by the tokenizer too, so that it is found in a corpus that has
 * tokens of its own as well as in raw text. Throws E_FILE_MISSING, E_CORPUS_FORMAT where a file is not UTF-8, E_CONFIG where a
 * type has no entry.
 */
export async function readLists(lists: ListFiles, context: ReadingContext): Promise<Map<string, number>> {
  const phrases = new Map<string, number>();
  for (const [type, files] of Object.entries(lists)) {
    const bit = 1 << Object.keys(lists).indexOf(type);
    const place = { ...context.place, key: `${context.place.key}.lists.${type}` };
    let entries = 0;
    for (const file of [files].flat()) {
      for (const entry of await entriesIn(file, { ...context, place })) {
        entries++;
        for (const phrase of phrasesOf(entry, context)) phrases.set(phrase, (phrases.get(phrase) ?? 0) | bit);
      }
    }
    if (entries > 0) continue;
    const message = `the list of "${type}" is empty`;
    throw new TaggerError('E_CONFIG', { message, place, expected: 'an entry a line', found: 'none' });
  }
  return phrases;
}

async function entriesIn(reference: string, { base, place }: ReadingContext): Promise<string[]> {
  const tried = placesOf(reference, base);
  const file = await firstFile(tried);
  if (file === undefined) {
    throw new TaggerError('E_FILE_MISSING', {
      message: `there is no list "${reference}"`,
      place,
      expected: 'a text file with an entry a line',
      found: `no file ${tried.map((path) => resolve(path)).join(', nor ')}`,
    });
  }
  const text = decodeUtf8(await readFile(file), file).replace(/^\uFEFF/, '');
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

function* phrasesOf(entry: string, { cut, normalize }: ReadingContext): Generator<string> {
  const bySpaces = entry.trim().split(/\s+/u);
  yield bySpaces.map(normalize).join(' ');
  const tokens = cut?.(entry) ?? bySpaces;
  // A tokenizer may leave white space within a token, which is none between two.
  if (tokens.length !== bySpaces.length && !tokens.some((token) => /\s/u.test(token))) {
    yield tokens.map(normalize).join(' ');
  }
}
