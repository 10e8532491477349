/** Documents that are several files of one name, such as brat's text and annotations: any of them stands for all. */
import type { FormatKind } from './format.js';

type Parts = FormatKind['parts'];

/** The name of the file by which a document is called, for that of any of its files. */
export function mainFile(parts: Parts, path: string): string {
  const ending = parts?.find((ending) => path.endsWith(ending));
  return ending === undefined ? path : path.slice(0, -ending.length) + parts?.[0];
}

/** The other files of a document, by their endings. */
export function otherFiles(parts: Parts, main: string): [ending: string, path: string][] {
  const [first = '', ...others] = parts ?? [];
  return others.map((ending) => [ending, main.slice(0, main.length - first.length) + ending]);
}
