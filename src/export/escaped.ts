/** Any text as content or quoted attribute of a page. */

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Left as they are, one would become a line feed and the other nothing.
  '\r': '&#13;',
  '\0': '\uFFFD',
};

export const escaped = (text: string): string =>
  text.replace(/[&<>"\r\0]/g, (character) => references[character]);
