import { charLstm } from '../../src/embeddings/char-lstm.js';
import { charRecurrentConformance } from './char-recurrent.js';

await charRecurrentConformance(charLstm, 'char-lstm');
