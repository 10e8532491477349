/**
 * Rules that correct the tags of a lexicon. natural's trainer proposes and scores them, each by itself; then the best come first,
 * and those are kept that still gain something after the kept ones before them, which is what a Brill tagger learns by.
 */
import { inTurns } from '../in-turns.js';
import { brillModule, type Rule, type Sentence, type Trainer } from './natural.js';

/** The templates of natural that work: others read words where there are none, or compare a tag with a word. */
const templateNames = [
  'PREV-TAG',
  'NEXT-TAG',
  'PREV-1-OR-2-TAG',
  'PREV-1-OR-2-OR-3-TAG',
  'NEXT1OR2TAG',
  'NEXT1OR2OR3TAG',
  'NEXT2TAG',
  'SURROUNDTAG',
  'PREV-WORD-IS',
  'NEXTWD',
  'CURRENT-WORD-IS-CAP',
  'CURRENT-WORD-ENDS-WITH',
];

export interface RulesOptions {
  /** How many of the rules that put most tokens right are tried. */
  readonly candidates: number;
  /** The least number by which a rule puts more tokens right than wrong. */
  readonly score: number;
}

/** `sentences`: with the annotation in `tag` and the tags to correct in `testTag`. */
export async function learnRules(
  sentences: readonly Sentence[],
  { candidates, score }: RulesOptions,
  signal?: AbortSignal,
): Promise<Rule[]> {
  const trainer = trainerOf(sentences);
  const proposed = (await propose(trainer, sentences, signal)).slice(0, candidates);
  trainer.positiveRules = { getRules: () => proposed };
  for await (const some of inTurns(sentences, signal, 10)) {
    trainer.corpus = { sentences: some };
    trainer.scanForSites();
  }
  const scored = proposed.filter((rule) => rule.score() >= score).sort((a, b) => b.score() - a.score());
  return keepGainful(sentences, scored, score, signal);
}

/** Tries rules in their order on the tags that those before them have left. */
async function keepGainful(
  sentences: readonly Sentence[],
  rules: readonly Rule[],
  least: number,
  signal: AbortSignal | undefined,
): Promise<Rule[]> {
  const tagged = sentences.map(({ taggedWords }) => ({
    taggedWords: taggedWords.map(({ token, testTag }) => ({ token, tag: testTag ?? '' })),
  }));
  const kept: Rule[] = [];
  for await (const [rule] of inTurns(rules, signal, 1)) {
    const sites: (readonly [sentence: number, token: number])[] = [];
    let gain = 0;
    tagged.forEach((sentence, s) => {
      const { taggedWords: gold } = sentences[s];
      for (let i = 0; i < gold.length; i++) {
        if (!rule.isApplicableAt(sentences[s], sentence, i)) continue;
        sites.push([s, i]);
        if (gold[i].tag === rule.newCategory) gain++;
        else if (gold[i].tag === sentence.taggedWords[i].tag) gain--;
      }
    });
    if (gain < least) continue;
    kept.push(rule);
    for (const [s, i] of sites) tagged[s].taggedWords[i].tag = rule.newCategory;
  }
  return kept;
}

function trainerOf(sentences: readonly Sentence[]): Trainer {
  const templates = brillModule('RuleTemplates');
  const RuleTemplate = brillModule('RuleTemplate');
  return Object.assign(new (brillModule('Brill_POS_Trainer'))(), {
    corpus: { sentences },
    templates: templateNames.map((name) => new RuleTemplate(name, templates[name])),
    // Where each rule applies is not needed, and much.
    associateSiteWithRule() {},
  });
}

/** Rules that put a token right, those that do so most often first. */
async function propose(
  trainer: Trainer,
  sentences: readonly Sentence[],
  signal: AbortSignal | undefined,
): Promise<Rule[]> {
  const english = new Set(new (brillModule('RuleSet'))().getRules().map((rule) => rule.key()));
  const proposed = new Map<string, { readonly rule: Rule; count: number }>();
  let i = 0;
  for await (const some of inTurns(sentences, signal)) {
    for (const { taggedWords } of some) {
      taggedWords.forEach(({ tag, testTag }, j) => {
        if (tag === testTag) return;
        for (const rule of trainer.generatePositiveRules(i, j).getRules()) {
          const key = rule.key();
          if (english.has(key)) continue;
          const known = proposed.get(key);
          if (known) known.count++;
          else proposed.set(key, { rule, count: 1 });
        }
      });
      i++;
    }
  }
  return [...proposed.values()].sort((a, b) => b.count - a.count).map(({ rule }) => rule);
}
