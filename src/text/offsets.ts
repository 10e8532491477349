/** What an offset into a text counts. JavaScript counts UTF-16 code units; Python and the tools written in it, code points. */

export const offsetUnits = ['utf16', 'codepoint'] as const;

export type OffsetUnit = (typeof offsetUnits)[number];
