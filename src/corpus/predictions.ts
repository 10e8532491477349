/** What another system has predicted for the words of an annotated file. */
import { type Problem, TaggerError } from '../core/errors.js';
import type { MakeDocument } from '../text/make-document.js';
import { type Locate, nearestNotation, parseTag, type Scheme } from '../text/schemes.js';
import { type FormatOptions, openFormat } from './index.js';
import { labelColumn, labelsOf } from './labels.js';
import { sentencesOf } from './layout.js';
import { parseFiles, readFiles, warningsOf } from './read.js';
import { expectSameWords, type WordsInFile } from './same-words.js';

/** The tag of a word that a system did not tag. */
export const untagged = '_';

export interface Predictions {
  /** One list a sentence, one tag a token, as the file writes them: broken spans too, as systems without a CRF make them. */
  readonly tags: readonly (readonly string[])[];
  /** The one that explains most of the tags; `none` where labels are of single tokens. */
  readonly scheme: Scheme;
  readonly warnings: readonly string[];
}

export interface PredictionOptions {
  readonly label?: string;
  /** Whether the annotation is of spans. */
  readonly ofSpans: boolean;
  readonly make?: MakeDocument;
}

/**
 * Throws E_FILE_MISSING, E_CONFIG where the label is no column, and E_CORPUS_FORMAT where the file is not in its format, has other
 * words than `gold`, or something else than tags. A word whose tag is `_` was not tagged: that is no span, a wrong tag, and a warning.
 */
export async function readPredictions(
  path: string,
  options: FormatOptions,
  gold: WordsInFile,
  { label: wanted, ofSpans, make }: PredictionOptions,
): Promise<Predictions> {
  const format = openFormat(options, make);
  const label = labelColumn(format, wanted, path);
  const files = parseFiles(format, await readFiles(options, [path]));
  const warnings = warningsOf(path, files);
  const labels = labelsOf(format, files, label);
  const words = sentencesOf(labels.documents).map(({ tokens }) => tokens.map(({ text }) => text));
  const hasSentences = files.every(({ gaps }) => gaps !== undefined);
  const read = { file: path, words, tags: labels.tags, locate: labels.locate, hasSentences };
  const found = hasSentences && gold.hasSentences ? read : inSentencesOf(gold, read);
  const { tags } = found;
  expectSameWords(gold, found);
  if (ofSpans) expectTags(tags, found);
  const count = tags.flat().filter((tag) => tag === untagged).length;
  if (count > 0) {
    const what = count === 1 ? '1 word has' : `${count} words have`;
    warnings.push(`${what} no tag (${untagged}) in ${path}: errors, where the annotation has one`);
  }
  return { tags, scheme: ofSpans ? schemeOf(tags) : 'none', warnings };
}

interface TagsInFile extends WordsInFile {
  readonly tags: Predictions['tags'];
}

/** The same words cut where the sentences of `gold` end; what is over is one more. */
function inSentencesOf(gold: WordsInFile, file: TagsInFile): TagsInFile {
  const rest = file.words.flatMap((words, s) => words.map((_, t) => [s, t] as const)).reverse();
  const take = (length: number) => rest.splice(Math.max(0, rest.length - length)).reverse();
  const sentences = gold.words.map(({ length }) => take(length));
  if (rest.length > 0) sentences.push(take(rest.length));
  // Where the file ends early there are fewer of them.
  while (sentences.at(-1)?.length === 0) sentences.pop();
  const regroup = (column: readonly (readonly string[])[]) =>
    sentences.map((cut) => cut.map(([s, t]) => column[s][t]));
  const locate: Locate = (s, t) => file.locate(...sentences[s][t]);
  return { ...file, words: regroup(file.words), tags: regroup(file.tags), locate };
}

function schemeOf(tags: Predictions['tags']): Scheme {
  const { scheme } = nearestNotation(tags);
  // Not one word was tagged.
  return scheme === 'none' ? 'bio' : scheme;
}

function expectTags(tags: readonly (readonly string[])[], { locate }: WordsInFile): void {
  const problems = tags.flatMap((column, s) =>
    column.flatMap((tag, t): Problem[] => {
      if (tag === untagged || parseTag(tag)) return [];
      const expected = `O, a label after B-, I-, E- or S-, or ${untagged} for a word without a tag`;
      return [{ message: `"${tag}" is no tag`, place: locate(s, t), expected, found: `"${tag}"` }];
    }),
  );
  if (problems.length > 0) throw new TaggerError('E_CORPUS_FORMAT', problems);
}
