import { charLstm } from '../../src/embeddings/char-lstm.js';
import { charRecurrenceOracle } from './char-recurrence.js';
import { embeddingParity } from './embedding-parity.js';
import { lstmStep } from './lstm-step.js';

embeddingParity(
  charLstm,
  [1, 4].map((units) => ({
    name: `char-lstm of ${units} units`,
    options: { kind: 'char-lstm', dim: 3, units, dropout: 0 },
    oracle: charRecurrenceOracle(units, 2, lstmStep),
  })),
);
