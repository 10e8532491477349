/** A look at the inputs before any work: whether they are there, and how much there is to read. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { type Problem, TaggerError } from '../../core/errors.js';
import { isPattern } from '../../corpus/glob.js';
import { failureOf, stdinName } from './bytes.js';
import { type Choice, kindOf, walk } from './inputs.js';
import { refuseOwn } from './own-files.js';

/**
 * Throws E_USAGE for no inputs, stdin twice and files of the run itself, and E_FILE_MISSING with every argument that names
 * nothing. `meant` says which files of a folder are, for messages.
 */
export async function expectInputs(args: readonly string[], choice: Choice, meant: string): Promise<void> {
  if (args.length === 0 || args.filter((arg) => arg === stdinName).length > 1) {
    const expected = 'files, folders, patterns, or - for stdin, which can be read once';
    const found = args.length === 0 ? 'none' : args.join(' ');
    throw new TaggerError('E_USAGE', { message: 'these are no inputs', expected, found });
  }
  await refuseOwn(args, choice.own);
  const problems: Problem[] = [];
  for (const arg of args) problems.push(...(await problemsOf(arg, choice, meant)));
  if (problems.length > 0) throw new TaggerError('E_FILE_MISSING', problems);
}

async function problemsOf(arg: string, choice: Choice, meant: string): Promise<Problem[]> {
  if (arg === stdinName) return [];
  const place = { file: arg };
  const kind = await kindOf(arg);
  if (kind === 'file' || (kind === 'nothing' && !isPattern(arg))) {
    const failure = await access(arg, constants.R_OK).catch(failureOf);
    return failure ? [{ ...failure.problem, place }] : [];
  }
  for await (const { failure } of walk([arg], choice)) return failure ? [{ ...failure.problem, place }] : [];
  return kind === 'folder'
    ? [{ message: 'there is no file to read in the folder', place, expected: meant }]
    : [{ message: 'no file has such a name', place, hint: '** stands for any number of folders' }];
}

/** Of more files nobody waits for the sizes. */
const counted = 20_000;

/** Bytes of all files as they lie on disk; undefined with a stream among them, or more files than are counted. */
export async function bytesOf(args: readonly string[], choice: Choice): Promise<number | undefined> {
  let bytes = 0;
  let files = 0;
  for await (const { name } of walk(args, choice)) {
    const found = name === stdinName ? undefined : await stat(name).catch(() => undefined);
    if (!found?.isFile() || ++files > counted) return undefined;
    bytes += found.size;
  }
  return bytes;
}
