/** What every kind does without the rules of the scheme. */
import { describe, expect, it } from 'vitest';
import type { KindSchema } from '../../src/core/kind.js';
import type { DecoderKind } from '../../src/decoders/decoder.js';
import { decoderKinds } from '../../src/decoders/index.js';
import { seed } from '../support/arrays.js';
import { allows, cases, everything } from '../support/decoder-cases.js';
import { DecoderTrial } from '../support/decoder-trial.js';

const [k, rules] = cases['BIOES of two labels'];

describe.each(Object.entries(decoderKinds))(`%s, seed ${seed}`, (name, kind) => {
  const { options, create } = kind as unknown as DecoderKind<KindSchema>;
  const trial = (constrained: boolean, constraints = rules) =>
    new DecoderTrial(
      (...args) => create(options.parse({ kind: name, constrained }), ...args),
      [k, constraints],
      { size: 20 },
    );

  it('decodes without the rules as if everything were allowed, and that is not always allowed', () => {
    const free = trial(false);
    const paths = free.decode();
    expect(paths).toEqual(trial(true, everything(k)).decode());
    expect(paths.every((path) => allows(rules, path))).toBe(false);
    expect(paths).not.toEqual(trial(true).decode());
    const distribution = free.distribution();
    expect(free.all.map((s) => [...distribution.bestTags(s)])).toEqual(paths);
  });
});
