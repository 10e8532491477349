/** A word from its characters by a GRU that reads them both ways: as `char-lstm`, with fewer products. */
import { gruCell } from '../layers/gru.js';
import { charRecurrent } from './char-recurrent.js';

export const charGru = charRecurrent('char-gru', gruCell);
