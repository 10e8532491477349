/** One run of tokens cut into sentences. */
import type { Sentence } from './document.js';

/** A token belongs to the last of `others` that has begun where it begins. None of the sentences is empty. */
export function splitSentence(sentence: Sentence, others: readonly Sentence[]): Sentence[] {
  const { tokens } = sentence;
  const starts = others.flatMap(({ tokens }) => tokens.slice(0, 1).map(({ start }) => start));
  const sentences: Sentence[] = [];
  let first = 0;
  for (const start of [...starts.slice(1), Number.POSITIVE_INFINITY]) {
    let end = first;
    while (end < tokens.length && tokens[end].start < start) end++;
    if (end > first) sentences.push(part(sentence, first, end));
    first = end;
  }
  return sentences;
}

function part({ tokens, columns, scores }: Sentence, first: number, end: number): Sentence {
  const parts = Object.entries(columns ?? {}).map(([name, values]) => [name, values.slice(first, end)]);
  return {
    tokens: tokens.slice(first, end),
    ...(columns && { columns: Object.fromEntries(parts) }),
    ...(scores && { scores: scores.slice(first, end) }),
  };
}
