/** YAML text to a `Source`; everything that YAML itself forbids is reported here, with line and column. */
import { isUtf8 } from 'node:buffer';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { type Place, type Problem, TaggerError } from '../core/errors.js';
import { formatPath, type Path, type Source } from './source.js';

/** @throws TaggerError E_CONFIG that lists every problem; `file` is the name to show in places. */
export function parseYaml(bytes: Uint8Array, file: string): Source {
  const text = new TextDecoder().decode(bytes);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number, key?: string): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, key };
  };

  if (!isUtf8(bytes)) {
    // The decoder puts U+FFFD where the first bad byte was.
    const place = placeOf(text.indexOf('\ufffd'));
    throw new TaggerError('E_CONFIG', { message: 'not UTF-8', place, expected: 'a YAML file in UTF-8' });
  }
  const problems = [...document.errors, ...document.warnings].map((error): Problem => {
    if (error.code !== 'DUPLICATE_KEY')
      return { message: `not YAML: ${error.message}`, place: placeOf(error.pos[0]) };
    const path = pathOfKey(document, error.pos[0]);
    const hint = 'keep one of the two';
    return { message: 'key is there twice', place: placeOf(error.pos[0], path && formatPath(path)), hint };
  });
  if (problems.length > 0) throw new TaggerError('E_CONFIG', problems);

  return {
    value: toPlain(document, file),
    place: (path, part) => placeOf(offsetOf(document, path, part), formatPath(path)),
  };
}

function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    // Aliases that point nowhere or multiply without end.
    const message = `not YAML: ${(cause as Error).message}`;
    throw new TaggerError('E_CONFIG', { message, place: { file } }, { cause });
  }
}

/** Offset of the key or value at a path; the path is followed as far as it exists. */
function offsetOf(document: Document, path: Path, part: 'key' | 'value'): number {
  let node: Node | null | undefined = document.contents;
  const offset = { key: node?.range?.[0] ?? 0, value: node?.range?.[0] ?? 0 };
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    let next: Node | null | undefined;
    if (isMap<Node, Node>(node)) {
      const pair: Pair<Node, Node> | undefined = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(step),
      );
      if (!pair) return offset.key;
      offset.key = pair.key.range?.[0] ?? offset.key;
      next = pair.value;
    } else if (isSeq<Node>(node) && node.items[Number(step)]) {
      next = node.items[Number(step)];
      offset.key = next.range?.[0] ?? offset.key;
    } else {
      // A shorthand: `encoder: lstm` has no `kind`, its value stands for it.
      return offset.value;
    }
    offset.value = next?.range?.[0] ?? offset.key;
    node = next;
  }
  return offset[part];
}

function pathOfKey(document: Document, offset: number): Path | undefined {
  let found: Path | undefined;
  visit(document, {
    Pair(_, pair, ancestors) {
      if (!isScalar(pair.key) || pair.key.range?.[0] !== offset) return;
      found = pathTo([...ancestors, pair]);
      return visit.BREAK;
    },
  });
  return found;
}

/** The keys and indices along a chain of nodes from the document down. */
function pathTo(chain: readonly unknown[]): Path {
  return chain.flatMap((node, i): Path => {
    const parent = chain[i - 1];
    if (isSeq(parent)) return [parent.items.indexOf(node)];
    const key = (node as { key?: unknown }).key;
    return isScalar(key) ? [String(key.value)] : [];
  });
}
