/** The inputs that arguments name: files, folders, patterns and stdin. Folders are walked as they are read. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, parse, sep } from 'node:path';
import { isPattern, namePattern } from '../../corpus/glob.js';
import { failureOf, stdinName } from './bytes.js';
import type { LostPiece } from './kind.js';
import type { OwnFiles } from './own-files.js';

/** A file or stdin by its name, or a folder that cannot be read. */
export interface Found {
  readonly name: string;
  readonly failure?: LostPiece;
}

/** Which of the files in a folder are meant. */
export interface Choice {
  fits(name: string): boolean;
  /** What is never meant, and no input of a pattern either. */
  readonly own: OwnFiles;
}

/**
 * In the order of the arguments; what is in a folder in order of names by code unit, folders in their place. Hidden
 * files and links to folders are left out. A name of nothing is an input: opening it will fail.
 */
export async function* walk(args: readonly string[], choice: Choice): AsyncGenerator<Found> {
  for (const arg of args) yield* walkArgument(arg, choice);
}

export async function* walkArgument(arg: string, choice: Choice): AsyncGenerator<Found> {
  const what = arg === stdinName ? 'file' : await kindOf(arg);
  if (what === 'folder') yield* walkFolder(arg, stepsOf(['**', '*']), choice);
  else if (what === 'nothing' && isPattern(arg)) yield* walkPattern(arg, choice);
  else yield { name: arg };
}

/** What cannot be looked at is nothing here: opening it will tell why. */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return 'nothing';
  return found.isDirectory() ? 'folder' : 'file';
}

async function* walkPattern(pattern: string, { own }: Choice): AsyncGenerator<Found> {
  const { root } = parse(pattern);
  const names = pattern.slice(root.length).split(sep === '/' ? '/' : /[/\\]/);
  const first = names.findIndex(isPattern);
  const folder = join(root, ...names.slice(0, first));
  const steps = stepsOf(names.slice(first));
  if ((await kindOf(folder)) === 'folder') yield* walkFolder(folder, steps, { fits: () => true, own });
}

interface Step {
  test(name: string): boolean;
  /** Whether any number of names fit it, none too: `**`. */
  readonly isAny: boolean;
}

function stepsOf(pattern: readonly string[]): Step[] {
  return pattern.map((step) => {
    const isAny = step === '**';
    const expression = namePattern(isAny ? '*' : step);
    const takesHidden = step.startsWith('.');
    return { isAny, test: (name) => (takesHidden || !name.startsWith('.')) && expression.test(name) };
  });
}

/**
 * Everything in a folder that fits steps of a pattern. `at`: the steps of which one is to fit the next name. With `**`
 * the walk stands at several places of the pattern at once, so that nothing is found twice.
 */
async function* walkFolder(
  folder: string,
  steps: readonly Step[],
  choice: Choice,
  at = entered(steps, [0]),
): AsyncGenerator<Found> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(failureOf);
  if (!Array.isArray(entries)) {
    yield { name: folder, failure: entries };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (choice.own.isLike(entry.name) && (await choice.own.has(path))) continue;
    const fitting = at.filter((step) => steps[step]?.test(entry.name));
    const next = entered(
      steps,
      fitting.map((step) => (steps[step].isAny ? step : step + 1)),
    );
    if (entry.isDirectory()) {
      if (next.some((step) => step < steps.length)) yield* walkFolder(path, steps, choice, next);
    } else if (next.includes(steps.length) && choice.fits(entry.name) && (await isFile(entry, path))) {
      yield { name: path };
    }
  }
}

/** These steps and those after each `**`; the number of steps stands for the end of the pattern. */
function entered(steps: readonly Step[], at: readonly number[]): number[] {
  const all = new Set(at);
  for (const step of all) if (steps[step]?.isAny) all.add(step + 1);
  return [...all];
}

async function isFile(entry: Dirent, path: string): Promise<boolean> {
  return entry.isSymbolicLink() ? (await kindOf(path)) === 'file' : entry.isFile();
}
