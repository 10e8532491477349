/** The files of `src/` as the compiler's parser sees them: what they import, and where they print or exit. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

export interface Source {
  /** Path from the project's folder: `src/core/errors.ts`. */
  readonly path: string;
  readonly text: string;
  /** The files of `src/` that it imports, types and dynamic imports included. */
  readonly imports: readonly string[];
}

/** Paths of the files with this ending in a folder and all folders in it; none where there is no such folder. */
export function filesIn(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name.replaceAll('\\', '/')));
}

export function readSources(): Source[] {
  const paths = filesIn('src', '.ts');
  const known = new Set(paths);
  return paths.sort().map((path) => {
    const text = readFileSync(path, 'utf8');
    const relative = ts
      .preProcessFile(text, true, true)
      .importedFiles.map(({ fileName }) => fileName)
      .filter((name) => name.startsWith('.'));
    // AssemblyScript imports without an ending, TypeScript with that of the compiled file.
    const imports = relative.map((name) => `${join(dirname(path), name).replace(/\.js$/, '')}.ts`);
    const unknown = imports.filter((name) => !known.has(name));
    if (unknown.length > 0) throw new Error(`${path} imports ${unknown.join(', ')}, which is not there`);
    return { path, text, imports };
  });
}

/** `core` for `src/core/errors.ts`, nothing for `src/index.ts`. */
export function folderOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/** Files that import each other in a ring, each ring once, from its first file back to it. */
export function cyclesOf(sources: readonly Source[]): string[] {
  const importsOf = new Map(sources.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' → '));
    if (done.has(path) || way.includes(path)) return;
    for (const next of importsOf.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return cycles;
}

const printing = new Set(['stdout', 'stderr', 'exit', 'exitCode', 'abort']);

/** `file:line expression` for each use of the console, of the process's streams and of its exit. */
export function printsOf({ path, text }: Source): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const { text: object } = node.expression;
      if (object === 'console' || (object === 'process' && printing.has(node.name.text))) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
        found.push(`${path}:${line + 1} ${object}.${node.name.text}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
