/** Files that people take for word vectors, told by their first bytes, so that the message can say what to do. */
import { TaggerError } from '../../core/errors.js';

const foreign = [
  {
    magic: Buffer.from('PK\x03\x04'),
    what: 'a zip archive',
    hint: 'unpack it and name one of the files in it',
  },
  {
    magic: Buffer.from([0xba, 0x16, 0x4f, 0x2f]),
    what: 'a fastText model',
    hint: 'take the text file (.vec) that fastText offers beside it',
  },
];

export function refuseForeign(head: Buffer, file: string): void {
  for (const { magic, what, hint } of foreign) {
    if (head.subarray(0, magic.length).equals(magic)) {
      const message = `this is ${what}, not a file of word vectors`;
      throw new TaggerError('E_VECTORS', { message, place: { file }, hint });
    }
  }
}
