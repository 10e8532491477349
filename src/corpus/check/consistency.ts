/** Words that are labelled now one way and now another, or here and not there. */
import type { Scheme } from '../../text/schemes.js';
import type { LabelledSentence } from '../labels.js';
import { formOf, mentionsOf } from './mentions.js';

export interface InconsistentForm {
  readonly form: string;
  /** How often it carries each label. */
  readonly labels: Readonly<Record<string, number>>;
  /** How often its words stand outside of every span; inside a longer span they are nothing odd. */
  readonly unlabelled: number;
}

export interface Inconsistencies {
  /** Forms with several labels, or with one and also unlabelled. */
  readonly forms: number;
  /** The ten of them that are labelled most often. */
  readonly most: readonly InconsistentForm[];
  /** By label, how many of its spans (or tokens) have such a form. */
  readonly byLabel: Readonly<Record<string, number>>;
}

/** `scheme`: that of the tags. `spelling`: what of a word counts; in lower case, `US` and `us` are one form. */
export function inconsistenciesOf(
  sentences: readonly LabelledSentence[],
  scheme: Scheme,
  spelling: (word: string) => string = (word) => word,
): Inconsistencies {
  const spelt = sentences.map(({ tokens, tags }) => ({ tokens: tokens.map(spelling), tags }));
  const forms = labelledForms(spelt, scheme);
  if (scheme !== 'none') countUnlabelled(spelt, forms);

  const inconsistent = [...forms].filter(([, { labels, unlabelled }]) => labels.size > 1 || unlabelled > 0);
  const byLabel = new Map<string, number>();
  for (const [, { labels }] of inconsistent) {
    for (const [label, count] of labels) byLabel.set(label, (byLabel.get(label) ?? 0) + count);
  }
  const most = inconsistent
    .map(([form, { labels, unlabelled }]) => ({ form, labels: byCount(labels), unlabelled }))
    .sort((a, b) => labelled(b) - labelled(a) || (a.form < b.form ? -1 : 1))
    .slice(0, 10);
  return { forms: inconsistent.length, most, byLabel: byCount(byLabel) };
}

interface Uses {
  /** How many words the form has. */
  readonly length: number;
  readonly labels: Map<string, number>;
  unlabelled: number;
}

function labelledForms(sentences: readonly LabelledSentence[], scheme: Scheme): Map<string, Uses> {
  const forms = new Map<string, Uses>();
  for (const sentence of sentences) {
    for (const { label, form, first, end } of mentionsOf(sentence, scheme)) {
      const uses = forms.get(form) ?? { length: end - first, labels: new Map(), unlabelled: 0 };
      forms.set(form, uses);
      uses.labels.set(label, (uses.labels.get(label) ?? 0) + 1);
    }
  }
  return forms;
}

function countUnlabelled(sentences: readonly LabelledSentence[], forms: ReadonlyMap<string, Uses>): void {
  const lengths = lengthsByFirstWord(forms);
  for (const { tokens, tags } of sentences) {
    let end = tokens.length;
    // Backwards, so that `end` is where the run of unlabelled tokens ends.
    for (let i = tokens.length - 1; i >= 0; i--) {
      if (tags[i] !== 'O') {
        end = i;
        continue;
      }
      for (const length of lengths.get(tokens[i]) ?? []) {
        const uses = i + length <= end ? forms.get(formOf(tokens, i, i + length)) : undefined;
        if (uses) uses.unlabelled++;
      }
    }
  }
}

/** How many words the forms have that begin with a word: a few lengths to try at each token. */
function lengthsByFirstWord(forms: ReadonlyMap<string, Uses>): Map<string, Set<number>> {
  const lengths = new Map<string, Set<number>>();
  for (const [form, { length }] of forms) {
    const word = length === 1 ? form : form.slice(0, form.indexOf(' '));
    lengths.set(word, (lengths.get(word) ?? new Set()).add(length));
  }
  return lengths;
}

/** The most frequent first. */
function byCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

const labelled = ({ labels }: InconsistentForm): number =>
  Object.values(labels).reduce((sum, count) => sum + count, 0);
