/** The spans that the conlleval script of CoNLL-2000 sees, sound or broken. */
import type { Span } from '../text/document.js';
import { parseTag, type Role, type Scheme } from '../text/schemes.js';

/** Between these roles of one label the script sees a border; every change of label is one too. */
const borders: ReadonlySet<`${Role}${Role}`> = new Set(['BB', 'IB', 'EE', 'EI']);

/**
 * Exact for BIO and IOB1. The script does not know S, nor B after E: it reads touching BIOES spans of one label as a
 * single span. To count those apart, score in BIO (`countAs` of `evaluate`).
 */
export function conllevalSpans(tags: readonly string[], scheme: Scheme): Span[] {
  if (scheme === 'none') return tags.map((label, first) => ({ label, first, end: first + 1 }));
  const spans: Span[] = [];
  let open: { label: string; first: number; role: Role } | undefined;
  for (let i = 0; i <= tags.length; i++) {
    const { role, label } = parseTag(tags[i] ?? 'O') ?? { role: 'O', label: '' };
    if (open && role !== 'O' && label === open.label && !borders.has(`${open.role}${role}`)) {
      open.role = role;
      continue;
    }
    if (open) spans.push({ label: open.label, first: open.first, end: i });
    open = role === 'O' ? undefined : { label, first: i, role };
  }
  return spans;
}
