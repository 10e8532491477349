export { type CrfOptions, crf, crfOptions } from './crf.js';
