/** Words as Unicode cuts them (UAX #29, by ICU's rules and dictionaries), for any language. */
import { z } from 'zod';
import { locale } from '../locale.js';
import { windows } from '../windows.js';
import { align } from './align.js';
import type { TokenizerKind } from './tokenizer.js';

const options = z.strictObject({
  kind: z.literal('unicode'),
  locale,
});

export const unicode: TokenizerKind<typeof options> = {
  options,
  create({ locale }) {
    const segmenter = new Intl.Segmenter(locale, { granularity: 'word' });
    return { tokenize: (text, base) => align(text, segments(text, segmenter), base) };
  },
};

/** In windows, because a segmenter takes time quadratic in the length of its text. */
function* segments(text: string, segmenter: Intl.Segmenter): Generator<string> {
  for (const window of windows(text)) {
    for (const { segment } of segmenter.segment(window)) yield segment;
  }
}
