/**
 * The tokenizers of the package `natural`, each loaded from its own file and when first used: the package's root
 * connects to databases and prints to stdout.
 */
import { createRequire } from 'node:module';

/** What natural's tokenizers share: strings without offsets, null instead of an empty list. */
export interface NaturalTokenizer {
  tokenize(text: string): (string | undefined)[] | null;
}

interface RegexpModule {
  readonly RegexpTokenizer: new (options: { pattern: RegExp; gaps: boolean }) => NaturalTokenizer;
  readonly OrthographyTokenizer: new (options: { language: string }) => NaturalTokenizer;
  readonly WordPunctTokenizer: new () => NaturalTokenizer;
}

interface Modules {
  readonly treebank_word_tokenizer: new () => NaturalTokenizer;
  readonly regexp_tokenizer: RegexpModule;
  readonly sentence_tokenizer_deprecated: new () => NaturalTokenizer;
}

const require = createRequire(import.meta.url);

export function naturalModule<Name extends keyof Modules>(name: Name): Modules[Name] {
  return require(`natural/lib/natural/tokenizers/${name}.js`) as Modules[Name];
}
