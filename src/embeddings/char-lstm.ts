/** A word from its characters by an LSTM that reads them both ways (Lample et al. 2016). */
import { lstmCell } from '../layers/lstm.js';
import { charRecurrent } from './char-recurrent.js';

export const charLstm = charRecurrent('char-lstm', lstmCell);
