/** The GRU of Cho et al. 2014 against tfjs. */
import { gru } from '../../src/encoders/gru.js';
import { encoderParity } from './encoder-parity.js';
import { gruStep } from './gru-step.js';
import { recurrentCases } from './recurrent-cases.js';

encoderParity(gru, recurrentCases({ kind: 'gru', states: 1, step: gruStep }));
