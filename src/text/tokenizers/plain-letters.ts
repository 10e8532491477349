/**
 * natural knows the letters of ASCII and few others and would cut `café` into `caf` and `é`. It is shown a text of
 * equal length in which every other letter is a plain one, so that its offsets hold for the original too.
 */

const isAscii = /^[\0-\x7f]*$/;

/** Chinese and Japanese keep their letters: without spaces, one token a character is better than one a sentence. */
const foreign = /(?![\0-\x7f\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])[\p{L}\p{M}\p{N}]|[‘’]/gu;

/** Letters and digits become `x`, which begins no contraction; curly single quotes become straight ones. */
export function plainLetters(text: string): string {
  if (isAscii.test(text)) return text;
  return text.replace(foreign, (letter) =>
    letter === '’' || letter === '‘' ? "'" : letter.length === 1 ? 'x' : 'xx',
  );
}
