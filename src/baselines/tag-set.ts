/** The tags of a task by number, and which of them may stand where. */
import { TaggerError } from '../core/errors.js';
import { type AllowedTransitions, allowedTransitions, ownScheme } from '../text/schemes.js';
import type { BaselineTask } from './baseline.js';
import { Numbering } from './numbering.js';

export interface TagSet {
  /** In the order of train. */
  readonly names: readonly string[];
  /** −1 for a tag that train does not have. */
  numberOf(tag: string): number;
  /** The scheme of the tags, whatever that of the files was. */
  readonly scheme: 'bioes' | 'none';
  readonly allowed: AllowedTransitions;
}

/** Spans have the tag `O` even where train has none, so that every sentence has a valid sequence. Without a token: E_CORPUS_FORMAT. */
export function tagSetOf({ train, scheme: files }: Pick<BaselineTask, 'train' | 'scheme'>): TagSet {
  const tags = new Numbering();
  for (const sentence of train) for (const tag of sentence.tags) tags.add(tag);
  if (tags.size === 0) {
    throw new TaggerError('E_CORPUS_FORMAT', {
      message: 'there is nothing to learn from: train has no token',
      expected: 'at least one sentence with a word',
    });
  }
  const scheme = ownScheme(files);
  if (scheme === 'bioes') tags.add('O');
  const { names } = tags;
  return {
    names,
    numberOf: (tag) => tags.find(tag),
    scheme,
    allowed: allowedTransitions(names, scheme),
  };
}
