import { charGru } from '../../src/embeddings/char-gru.js';
import { charRecurrenceOracle } from './char-recurrence.js';
import { embeddingParity } from './embedding-parity.js';
import { gruStep } from './gru-step.js';

embeddingParity(
  charGru,
  [1, 4].map((units) => ({
    name: `char-gru of ${units} units`,
    options: { kind: 'char-gru', dim: 3, units, dropout: 0 },
    oracle: charRecurrenceOracle(units, 1, gruStep),
  })),
);
