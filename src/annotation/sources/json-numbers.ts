/**
 * JSON whose whole numbers may be longer than a float holds, as ids often are: 1234567890123456789 would come out as
 * …6800. Such a number is read as a string of its digits.
 */

/** The deepest nesting that is read: what goes out again is written by recursion. */
export const deepest = 500;

/** What there is in a value that `JSON.parse` gave. */
export interface Contents {
  readonly isTooDeep: boolean;
  /** Whether a whole number may have lost digits. */
  readonly isInexact: boolean;
}

/** Looks at a value level by level, so that no depth ends the stack. */
export function contentsOf(value: unknown): Contents {
  let isInexact = false;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return { isTooDeep: true, isInexact };
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item === 'number') isInexact ||= Math.abs(item) > Number.MAX_SAFE_INTEGER;
      else if (typeof item === 'object' && item !== null)
        for (const inner of Object.values(item)) next.push(inner);
    }
    level = next;
  }
  return { isTooDeep: false, isInexact };
}

/** Valid JSON with its whole numbers beyond 2⁵³ in quotes. */
export function quoteLongNumbers(json: string): string {
  const parts: string[] = [];
  for (let at = 0; at < json.length; ) {
    const quote = json.indexOf('"', at);
    const end = quote < 0 ? json.length : quote;
    parts.push(json.slice(at, end).replace(/-?\d[\d.eE+-]*/g, quoteLong));
    const next = quote < 0 ? end : stringEnd(json, quote);
    parts.push(json.slice(end, next));
    at = next;
  }
  return parts.join('');
}

function quoteLong(number: string): string {
  return /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number)) ? `"${number}"` : number;
}

/** The index after a string that begins at a quote. */
function stringEnd(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
