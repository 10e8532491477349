/** What recurrent networks are known to fail at, and what helps; see test/support/long-range.ts. About half a minute. */
import { describe, expect, it } from 'vitest';
import { trainLongRange } from '../support/long-range.js';

const MINUTES = 60_000;
const [solved, byChance] = [0.99, 0.65];

describe('a tag that depends on a token 50 to 100 tokens back', () => {
  it(
    'is not learnt by a plain recurrence, whose gradients vanish',
    async () => {
      const share = await trainLongRange({ encoder: { kind: 'rnn' }, rate: 0.01, clip: 5, epochs: 80 });
      expect(share).toBeLessThan(byChance);
    },
    10 * MINUTES,
  );

  it.each(['lstm', 'gru'])(
    'is learnt by the gates of %s',
    async (kind) => {
      const share = await trainLongRange({ encoder: { kind }, rate: 0.01, clip: 5, epochs: 150 });
      expect(share).toBeGreaterThan(solved);
    },
    10 * MINUTES,
  );
});

describe('a recurrence with ReLU, whose gradients explode', () => {
  const encoder = { kind: 'rnn', activation: 'relu' };

  it(
    'learns nothing from gradients as they are',
    async () => {
      const share = await trainLongRange({ encoder, rate: 0.003, clip: 1e9, epochs: 80 });
      expect(share).toBeLessThan(byChance);
    },
    10 * MINUTES,
  );

  it(
    'learns the same with clipped gradients',
    async () => {
      const share = await trainLongRange({ encoder, rate: 0.003, clip: 5, epochs: 100 });
      expect(share).toBeGreaterThan(solved);
    },
    10 * MINUTES,
  );
});
