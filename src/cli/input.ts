/** Raw text from a file or from stdin (`-`). */
import { buffer } from 'node:stream/consumers';
import { readBytes } from '../corpus/read.js';
import { decodeUtf8 } from '../corpus/utf8.js';

/** @throws TaggerError E_FILE_MISSING, or E_CORPUS_FORMAT where it is not UTF-8. A byte order mark is no text. */
export async function readText(file: string): Promise<string> {
  const bytes = file === '-' ? await buffer(process.stdin) : await readBytes(file);
  return decodeUtf8(bytes, file).replace(/^\uFEFF/, '');
}
