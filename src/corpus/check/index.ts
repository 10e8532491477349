/** All that is worth knowing of a corpus before a model is trained on it. */
import { ownScheme, type Scheme } from '../../text/schemes.js';
import { type CorpusFindings, findingsOf } from './findings.js';
import type { Splits } from './splits.js';
import { warningsOf } from './warnings.js';

export interface CorpusCheck extends CorpusFindings {
  /** What is likely a mistake, and what to do about it. */
  readonly warnings: readonly string[];
}

/** Looks through loaded splits; a single file is `train` alone. `scheme`: that of the files. */
export function checkCorpus(splits: Splits, scheme: Scheme): CorpusCheck {
  const findings = findingsOf(splits, ownScheme(scheme));
  return { ...findings, warnings: warningsOf(findings) };
}
