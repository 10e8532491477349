/** Sentences joined where a labelled run of tokens goes from one into the next. */
import type { Sentence, Span } from './document.js';

/** Something that lies on tokens counted through all sentences. */
interface Laid {
  readonly entity: { readonly label: string };
  readonly run: { readonly first: number; readonly end: number };
}

interface Joined<T> {
  readonly sentences: readonly Sentence[];
  /** One list a sentence. */
  readonly spans: readonly (readonly Span[])[];
  /** Those for which sentences were joined. */
  readonly crossing: readonly T[];
}

/** `laid`: in order, no two overlap. Sentences that nothing crosses come back as they are. */
export function joinSentences<T extends Laid>(sentences: readonly Sentence[], laid: readonly T[]): Joined<T> {
  const joined: Sentence[] = [];
  const spans: Span[][] = [];
  const crossing: T[] = [];
  let start = 0;
  let next = 0;
  for (let s = 0; s < sentences.length; ) {
    const group = [sentences[s++]];
    const own: Span[] = [];
    let end = start + group[0].tokens.length;
    for (; next < laid.length && laid[next].run.first < end; next++) {
      const { entity, run } = laid[next];
      if (run.end > end) crossing.push(laid[next]);
      for (; run.end > end; s++) {
        group.push(sentences[s]);
        end += sentences[s].tokens.length;
      }
      own.push({ label: entity.label, first: run.first - start, end: run.end - start });
    }
    joined.push(group.length === 1 ? group[0] : oneOf(group));
    spans.push(own);
    start = end;
  }
  return { sentences: joined, spans, crossing };
}

/** Only what all of the sentences have is known of the whole. */
function oneOf(sentences: readonly Sentence[]): Sentence {
  const names = Object.keys(sentences[0].columns ?? {}).filter((name) =>
    sentences.every(({ columns }) => columns?.[name]),
  );
  const columns = names.map((name) => [name, sentences.flatMap((each) => each.columns?.[name] ?? [])]);
  return {
    tokens: sentences.flatMap(({ tokens }) => tokens),
    ...(names.length > 0 && { columns: Object.fromEntries(columns) }),
    ...(sentences.every(({ scores }) => scores) && {
      scores: sentences.flatMap(({ scores = [] }) => scores),
    }),
  };
}
