/**
 * Tag schemes: how a column of tags, one a token, writes labelled spans.
 *
 * A tag is `O` or ROLE-LABEL, split at the first `-` (labels such as `creative-work` contain it too). Whatever the
 * spelling (BMES writes M for I; BILOU writes L for E and U for S), a role says on which sides the span goes on:
 * B to the right, I to both, E to the left, S to neither.
 *
 * | scheme | span of one token | of two | of three | touching the span before, of the same label |
 * |--------|-------------------|--------|----------|---------------------------------------------|
 * | iob1   | I                 | I I    | I I I    | B                                           |
 * | bio    | B                 | B I    | B I I    | B                                           |
 * | bioes  | S                 | B E    | B I E    | S or B                                      |
 */
/** `none`: tags are labels of single tokens, such as parts of speech. */
export type Scheme = 'iob1' | 'bio' | 'bioes' | 'none';
export type SpanScheme = Exclude<Scheme, 'none'>;

/** Every name by which a config may call a scheme. */
export const schemeByName = {
  iob1: 'iob1',
  bio: 'bio',
  iob: 'bio',
  iob2: 'bio',
  bioes: 'bioes',
  iobes: 'bioes',
  bmes: 'bioes',
  bilou: 'bioes',
  bioul: 'bioes',
  none: 'none',
} as const satisfies Record<string, Scheme>;

export type Role = 'B' | 'I' | 'E' | 'S' | 'O';

export interface ParsedTag {
  readonly role: Role;
  /** Empty for `O`. */
  readonly label: string;
}

const roleOfLetter: Readonly<Record<string, Role>> = {
  B: 'B',
  I: 'I',
  M: 'I',
  E: 'E',
  L: 'E',
  S: 'S',
  U: 'S',
};

/** What goes before and after a sentence, and between spans. */
export const outside: ParsedTag = { role: 'O', label: '' };

/** The role and label of a tag in any spelling; undefined when it is no tag. */
export function parseTag(tag: string): ParsedTag | undefined {
  if (tag === 'O') return outside;
  const role = tag.length > 2 && tag[1] === '-' ? roleOfLetter[tag[0]] : undefined;
  return role && { role, label: tag.slice(2) };
}

export const goesOn = (role: Role): boolean => role === 'B' || role === 'I';
export const comesFrom = (role: Role): boolean => role === 'I' || role === 'E';

/** What a scheme writes for one token of a span. `touches`: the span before ends here and has the same label. */
type RoleRule = (isFirst: boolean, isLast: boolean, touches: boolean) => Role;

interface SchemeRules {
  readonly roles: readonly Role[];
  readonly roleOf: RoleRule;
  /** Roles that stand only after a B or I of the same label. */
  readonly needsPrevious: readonly Role[];
  /** Roles after which the span must go on. */
  readonly needsNext: readonly Role[];
}

export const schemeRules: Readonly<Record<SpanScheme, SchemeRules>> = {
  iob1: {
    roles: ['B', 'I'],
    roleOf: (isFirst, _, touches) => (isFirst && touches ? 'B' : 'I'),
    needsPrevious: ['B'],
    needsNext: [],
  },
  bio: {
    roles: ['B', 'I'],
    roleOf: (isFirst) => (isFirst ? 'B' : 'I'),
    needsPrevious: ['I'],
    needsNext: [],
  },
  bioes: {
    roles: ['B', 'I', 'E', 'S'],
    roleOf: (isFirst, isLast) => (isFirst ? (isLast ? 'S' : 'B') : isLast ? 'E' : 'I'),
    needsPrevious: ['I', 'E'],
    needsNext: ['B', 'I'],
  },
};

/** Whether `next` may follow `previous` in a well-formed sequence; `outside` stands for the edges of a sentence. */
export function isAllowed(previous: ParsedTag, next: ParsedTag, scheme: SpanScheme): boolean {
  const { needsPrevious, needsNext } = schemeRules[scheme];
  if (needsPrevious.includes(next.role)) return goesOn(previous.role) && previous.label === next.label;
  return !needsNext.includes(previous.role);
}
