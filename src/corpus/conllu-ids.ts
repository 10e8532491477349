/** The ids of CoNLL-U rows: words `3`, ranges of words `3-4`, empty nodes `3.1` (the first after word 3). */

export type RowId =
  | { readonly kind: 'word'; readonly word: number }
  | { readonly kind: 'range'; readonly first: number; readonly last: number }
  | { readonly kind: 'node'; readonly word: number; readonly node: number };

export function parseId(text: string): RowId | undefined {
  const parts = /^(\d+)(?:-(\d+)|\.(\d+))?$/.exec(text);
  if (!parts) return undefined;
  const [word, last, node] = parts.slice(1).map(Number);
  if (parts[2] !== undefined) return { kind: 'range', first: word, last };
  if (parts[3] !== undefined) return { kind: 'node', word, node };
  return { kind: 'word', word };
}

/**
 * Follows the ids of one sentence; each call returns what was expected instead of an id out of order. After a wrong
 * id it goes on from there, so that one slip is one problem.
 */
export function idOrder(): (id: RowId) => string | undefined {
  let word = 0;
  let node = 0;
  let rangeEnd = 0;
  return (id) => {
    if (id.kind === 'word') {
      const expected = word + 1;
      word = id.word;
      node = 0;
      return word === expected ? undefined : `${expected}`;
    }
    if (id.kind === 'node') {
      const expected = `${word}.${node + 1}`;
      node = id.node;
      return expected === `${id.word}.${node}` ? undefined : expected;
    }
    if (word < rangeEnd) return `the words up to ${rangeEnd} of the range before`;
    rangeEnd = id.last;
    const isNext = id.first === word + 1 && id.last >= id.first;
    return isNext ? undefined : `${word + 1}-N, N not below ${word + 1}`;
  };
}
