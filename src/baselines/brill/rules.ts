/** Rules that correct the tags of a lexicon: natural's trainer proposes and scores them, the best come first. */
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
  /** How many of the rules that put most tokens right are scored. */
  readonly candidates: number;
  /** The least score of a rule: how many more tokens it puts right than wrong. */
  readonly score: number;
}

/** `sentences`: with the annotation in `tag` and the tags to correct in `testTag`. */
export async function learnRules(
  sentences: readonly Sentence[],
  { candidates, score }: RulesOptions,
  signal?: AbortSignal,
): Promise<Rule[]> {
  const trainer = trainerOf(sentences);
  const proposed = await propose(trainer, sentences, signal);
  for (const rule of proposed.slice(0, candidates)) trainer.positiveRules.addRule(rule);
  // A scan also keeps where each rule applies, which is not needed, and much.
  for await (const some of inTurns(sentences, signal, 10)) {
    Object.assign(trainer, { corpus: { sentences: some }, mapRuleToSites: {}, mapSiteToRules: {} });
    trainer.scanForSites();
  }
  return trainer.positiveRules
    .getRules()
    .filter((rule) => rule.score() >= score)
    .sort((a, b) => b.score() - a.score());
}

function trainerOf(sentences: readonly Sentence[]): Trainer {
  const templates = brillModule('RuleTemplates');
  const RuleTemplate = brillModule('RuleTemplate');
  const positiveRules = new (brillModule('RuleSet'))();
  // A new set has the rules of the package for English.
  positiveRules.rules = {};
  return Object.assign(new (brillModule('Brill_POS_Trainer'))(), {
    corpus: { sentences },
    templates: templateNames.map((name) => new RuleTemplate(name, templates[name])),
    positiveRules,
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
