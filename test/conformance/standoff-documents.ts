/** Documents of all that makes offsets go wrong, by what is special of them and at random. */
import type { Document, Entity, Sentence, Token } from '../../src/text/document.js';
import { type Random, textOf } from './standoff-text.js';

/** Entities are marked in the text: `[PER:Ada]`. The text itself has no such brackets. */
export function marked(id: string, source: string): Document {
  const entities: Entity[] = [];
  let text = '';
  let next = 0;
  for (const { 0: all, 1: label, 2: content, index } of source.matchAll(/\[(\w+):([^\]]*)\]/g)) {
    text += source.slice(next, index);
    entities.push({ label, start: text.length, end: text.length + content.length, text: content });
    text += content;
    next = index + all.length;
  }
  text += source.slice(next);
  return { id, text, sentences: [], entities };
}

export const special: Readonly<Record<string, Document>> = {
  'no text': marked('none', ''),
  'no entities': marked('plain', 'Nothing of note happened.'),
  'an entity that is all of the text': marked('all', '[PLACE:Bern]'),
  'entities at the start and the end': marked('ends', '[PER:Ada] lives in [PLACE:Bern]'),
  'entities side by side': marked('beside', '[CODE:A][CODE:B]'),
  emoji: marked('emoji', '😀 [PER:Ada] 👩‍🚀 met [PER:Bob 👍🏽]. [FLAG:🇨🇭]'),
  'combining marks': marked('marks', 'Une cafe\u0301 a\u0300 [PLACE:Orle\u0301ans] pour [PER:Rene\u0301]'),
  'Windows line ends': marked('lines', 'Dear [PER:Ada],\r\n\r\n😀 greetings from [PLACE:Basel].\r\n'),
  'an entity over a line end': marked('over', 'in [PLACE:New\r\n  York] and [PLACE:Den\tHaag]'),
  'non-breaking spaces': marked('nbsp', '10\u00a0km to [PLACE:Bad\u00a0Ragaz]\u00a0!'),
  'double spaces': marked('double', '  two  [PER:Ada  Lovelace]  spaces  '),
  'right-to-left text': marked('rtl', 'גר ב[PLACE:ירושלים] עם \u202b[PER:أحمد]\u202c.'),
  'a byte order mark': marked('mark', '\ufeff[PER:Ada] left'),
  quotes: marked('quotes', '"[PER:Ada]" said \\n \'<b>no</b>\' & left'),
};

export const lone = marked('lone', 'half \ud83d of [PER:\ude00Ada] 😀 [PER:Bob\ud83d]');

const isGap = /^[\s\p{White_Space}]+$/u;

/** A random document with tokens, and entities that begin and end with them and do not overlap. */
export function randomDocument(random: Random, options: { readonly lone?: boolean } = {}): Document {
  const text = textOf(random, options);
  const tokens = tokensOf(text, random);
  const sentences: Sentence[] = [];
  const entities: Entity[] = [];
  for (let i = 0; i < tokens.length; ) {
    const next = i + 1 + random.below(6);
    sentences.push({ tokens: tokens.slice(i, next) });
    i = next;
  }
  for (let i = random.below(3); i < tokens.length; i += 1 + random.below(4)) {
    const last = Math.min(tokens.length - 1, i + random.below(3));
    const [start, end] = [tokens[i].start, tokens[last].end];
    const label = random.pick(['PER', 'LOC', 'x-y', 'Ü', '中']);
    entities.push({ label, start, end, text: text.slice(start, end) });
    i = last;
  }
  return {
    id: `r${random.below(1000)}`,
    text,
    sentences,
    entities,
    fields: { source: 'made', n: [1, null] },
  };
}

/** Cuts between code points, some at random and all at white space. */
function tokensOf(text: string, random: Random): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  let open = false;
  for (const point of text) {
    const end = start + point.length;
    const gap = isGap.test(point);
    const last = tokens.at(-1);
    if (open && !gap && last && random.below(4) > 0) {
      tokens[tokens.length - 1] = { text: last.text + point, start: last.start, end };
    } else if (!gap) tokens.push({ text: point, start, end });
    open = !gap;
    start = end;
  }
  return tokens;
}

/** With a label for every token, and a score. */
export function labelled(document: Document, column: string, labels: readonly string[]): Document {
  const sentences = document.sentences.map((sentence) => ({
    ...sentence,
    columns: { [column]: sentence.tokens.map((_, i) => labels[i % labels.length]) },
    scores: sentence.tokens.map((_, i) => (i + 1) / 8),
  }));
  const { entities: _, ...rest } = document;
  return { ...rest, sentences };
}
