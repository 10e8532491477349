/**
 * What is used of the Brill tagger of the package `natural`, each from its own file and when first needed: the package's root
 * connects to databases and prints to stdout.
 *
 * Its `train` is not called. It applies a rule to the annotation instead of to the tags found so far, copies the annotation into
 * these, and never scores a rule again, so that it only works through a list whose scores are known before; and its `Lexicon` and
 * `Corpus` mix what they learn with the Dutch lexicon of the package and lose words such as `constructor`. Finding rules and scoring
 * them are sound, and these are its methods below.
 */
import { createRequire } from 'node:module';

export interface TaggedWord {
  readonly token: string;
  /** The annotation; in a sentence that is being tagged, the tag so far. */
  tag: string;
  /** Of a sentence that rules are learnt from: the tag so far. */
  testTag?: string;
}

export interface Sentence {
  readonly taggedWords: readonly TaggedWord[];
}

export interface Rule {
  /** The tag that it gives. */
  readonly newCategory: string;
  score(): number;
  key(): string;
  /** Whether it would change the tag of token i of `tagged`. Sets `newTag` of the token in `sentence`. */
  isApplicableAt(sentence: Sentence, tagged: Sentence, i: number): boolean;
  /** Changes the tag of token i where the rule applies. */
  apply(sentence: Sentence, i: number): void;
}

export interface RuleSet {
  getRules(): Rule[];
}

/** The most frequent tag first. */
export interface Lexicon {
  tagWord(word: string): readonly string[];
}

interface Template {
  windowFitsSite(sentence: Sentence, i: number): boolean;
}

export interface Trainer {
  corpus: { readonly sentences: readonly Sentence[] };
  templates: readonly Template[];
  positiveRules: RuleSet;
  /** Called for every rule that applies to token j of sentence i. */
  associateSiteWithRule(i: number, j: number, rule: Rule): void;
  /** Rules that would put token j of sentence i right, after those of the package for English. */
  generatePositiveRules(i: number, j: number): RuleSet;
  /** Adds to the scores of `positiveRules` what each does to every token of the corpus. */
  scanForSites(): void;
}

export interface Tagger {
  tag(words: readonly string[]): Sentence;
}

interface Modules {
  readonly Brill_POS_Tagger: new (lexicon: Lexicon, rules: RuleSet) => Tagger;
  readonly Brill_POS_Trainer: new () => Trainer;
  readonly Sentence: new (words: TaggedWord[]) => Sentence;
  readonly RuleSet: new () => RuleSet;
  readonly RuleTemplate: new (name: string, meta: unknown) => Template;
  readonly RuleTemplates: Readonly<Record<string, unknown>>;
}

const require = createRequire(import.meta.url);

export function brillModule<Name extends keyof Modules>(name: Name): Modules[Name] {
  return require(`natural/lib/natural/brill_pos_tagger/lib/${name}.js`) as Modules[Name];
}
