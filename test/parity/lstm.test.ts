/** The LSTM of Gers et al. 2000 against tfjs. */
import { lstm } from '../../src/encoders/lstm.js';
import { encoderParity } from './encoder-parity.js';
import { lstmStep } from './lstm-step.js';
import { recurrentCases } from './recurrent-cases.js';

encoderParity(lstm, recurrentCases({ kind: 'lstm', states: 2, step: lstmStep }));
