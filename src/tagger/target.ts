/** Where a model may be saved: in a new or empty folder or instead of a model, and nowhere else, since that is replaced. */
import { constants } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TaggerError } from '../core/errors.js';
import { parseJson } from '../core/json.js';

export const CONFIG_FILE = 'config.json';

/**
 * Whether a model can be saved in the directory, asked before a long training. Throws E_USAGE where something else
 * would be lost, and E_WRITE where nothing can be written.
 */
export async function checkTarget(directory: string): Promise<void> {
  const target = resolve(directory);
  if (await exists(target)) await refuseForeign(target);
  let parent = dirname(target);
  while (!(await exists(parent))) parent = dirname(parent);
  if (!(await stat(parent)).isDirectory()) throw cannotWrite(directory, `${parent}, which is no folder`);
  await access(parent, constants.W_OK | constants.X_OK).catch((error: Error) => {
    throw cannotWrite(directory, error.message, error);
  });
}

export function cannotWrite(directory: string, found: string, cause?: unknown): TaggerError {
  const place = { file: directory };
  const expected = 'a place that can be written to, with room for the model';
  return new TaggerError('E_WRITE', { message: 'cannot save the model', place, expected, found }, { cause });
}

async function refuseForeign(target: string): Promise<void> {
  const found = await foreignAt(target);
  if (!found) return;
  throw new TaggerError('E_USAGE', {
    message: 'this is no model, and it would be lost',
    place: { file: target },
    expected: 'a folder for the model: a new one, an empty one, or a model to replace',
    found,
    hint: 'another name',
  });
}

/** How often a model may be moved away by other runs, each saving its own, before its config is read. */
const looks = 100;

/** What is there that is neither a model nor nothing. */
async function foreignAt(target: string): Promise<string | undefined> {
  for (let look = 1; look <= looks; look++) {
    const names: string[] | undefined = await readdir(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      if (error.code === 'ENOTDIR') return undefined;
      throw cannotWrite(target, error.message, error);
    });
    if (!names) return 'a file';
    if (names.length === 0) return undefined;
    if (!names.includes(CONFIG_FILE)) break;
    const text = await readFile(join(target, CONFIG_FILE), 'utf8').catch(
      (error: NodeJS.ErrnoException) => error,
    );
    if (typeof text === 'string' && isModelConfig(text)) return undefined;
    const isMovedAway = typeof text !== 'string' && text.code === 'ENOENT';
    if (!isMovedAway) break;
  }
  return 'a folder with other files';
}

/** It names the version of tagger that wrote it: enough to tell our folders from others. */
function isModelConfig(text: string): boolean {
  const config = parseJson(text)?.value;
  return typeof config === 'object' && config !== null && 'tagger' in config;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
