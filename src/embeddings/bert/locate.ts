/** From what a config says of a pretrained model (a folder, or its id on the hub) to the folder that holds it. Nothing is downloaded. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Place, TaggerError } from '../../core/errors.js';
import { firstFile, placesOf } from '../locate-file.js';

export const CONFIG_FILE = 'config.json';

/** Throws E_PRETRAINED at `place` where there is none. Paths are relative to `base`, else to the working folder. */
export async function locateCheckpoint(reference: string, base?: string, place?: Place): Promise<string> {
  const folders = placesOf(reference, base).map((folder) => resolve(folder));
  const cached = idPattern.test(reference) ? await snapshotOf(reference) : undefined;
  for (const folder of [...folders, ...(cached?.folder ? [cached.folder] : [])]) {
    if (await firstFile([join(folder, CONFIG_FILE)])) return folder;
  }
  throw new TaggerError('E_PRETRAINED', {
    message: `there is no pretrained model "${reference}"`,
    place,
    expected: `a folder with ${CONFIG_FILE}, model.safetensors and tokenizer.json, or the id of a model in the hub cache`,
    found: `no ${CONFIG_FILE} in ${[...folders, ...(cached ? [cached.looked] : [])].join(', nor in ')}`,
    hint: cached && `nothing is downloaded here; \`hf download ${reference}\` does`,
  });
}

/** `name` or `org/name`. */
const idPattern = /^[\w-][\w.-]*(\/[\w-][\w.-]*)?$/;

/** The folder of the version of a model that the hub's own tools have downloaded last, and where it was looked for. */
async function snapshotOf(id: string): Promise<{ folder?: string; looked: string }> {
  const looked = join(hubCache(), `models--${id.replaceAll('/', '--')}`);
  const revision = await readFile(join(looked, 'refs', 'main'), 'utf8').catch(() => undefined);
  return { looked, folder: revision && join(looked, 'snapshots', revision.trim()) };
}

/** As the hub's own library finds it. */
function hubCache(): string {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = process.env;
  if (HF_HUB_CACHE) return HF_HUB_CACHE;
  return join(HF_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface'), 'hub');
}
