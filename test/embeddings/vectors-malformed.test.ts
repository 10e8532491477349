import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { glove, refusalOf, rows, useFolder, wink, word2vecBinary, word2vecText } from './vectors-support.js';

const folder = useFolder();
const problemsOf = async (content: string | Uint8Array) => {
  const file = folder.write('vectors', content);
  const { problems } = await refusalOf(file);
  expect(problems.every(({ place }) => place?.file === file)).toBe(true);
  return problems;
};

describe('malformed text', () => {
  it('lists every row of the wrong width with its place', async () => {
    const problems = await problemsOf('the 1 2 3\nof 1 2\nto 1 2 3\nand 1 2 3 4\n\n');
    expect(problems).toMatchObject([
      { place: { line: 2, column: 7 }, expected: 'a word and 3 numbers', found: '2 numbers' },
      { place: { line: 4, column: 5 }, expected: 'a word and 3 numbers', found: '4 numbers' },
      { place: { line: 5, column: 1 }, expected: 'a word and 3 numbers', found: '0 numbers' },
    ]);
  });

  it('stops at twenty problems', async () => {
    expect(await problemsOf(`the 1 2\n${'of 1\n'.repeat(50)}`)).toHaveLength(20);
  });

  it.each(['nan', 'inf', '-Infinity', '1,5', '0.1x', '1e99'])(
    'shows where the number %s stands',
    async (field) => {
      expect(await problemsOf(`the 1 2 3\nnaïve 1 ${field} 3\n`)).toMatchObject([
        { place: { line: 2, column: 9 }, expected: expect.stringContaining('finite number'), found: field },
      ]);
    },
  );

  it('shows the first byte that is not UTF-8', async () => {
    expect(await problemsOf(Buffer.from('the 1 2\ncafé 1 2\n', 'latin1'))).toMatchObject([
      { place: { line: 2, column: 4 }, message: 'the word is not UTF-8', found: 'byte 0xe9' },
    ]);
  });

  it('finds fewer rows than the header promises', async () => {
    const content = word2vecText(rows).toString().split('\n').slice(0, 4).join('\n');
    expect(await problemsOf(content)).toMatchObject([{ place: { line: 1 }, expected: '5 rows', found: '3' }]);
  });

  it.each(['', '\n', 'the\n', '0 3\n'])('refuses a file of %j, which has no vectors', async (content) => {
    expect((await problemsOf(content))[0].message).toBe('there are no word vectors in this file');
  });

  it('gives up on a file without line ends', async () => {
    const problems = await problemsOf(Buffer.concat([Buffer.from('the 1 2\n'), Buffer.alloc(5e6, 'x')]));
    expect(problems[0].found).toBe('a row of more than 1048576 bytes');
  });
});

describe('malformed binary', () => {
  it.each([1, 5, 14, 30])('is cut when the last %d bytes are missing', async (missing) => {
    const whole = word2vecBinary(rows, '');
    expect((await problemsOf(whole.subarray(0, whole.length - missing)))[0]).toMatchObject({
      message: 'the file is cut',
      expected: '5 rows of 3 numbers, as the first line says',
    });
  });

  it('goes on after its last row', async () => {
    const problems = await problemsOf(Buffer.concat([word2vecBinary(rows), Buffer.from('more')]));
    expect(problems[0].message).toBe('the file goes on after its last row');
  });

  it('names the row and the byte of a number that is not finite', async () => {
    const content = word2vecBinary(
      [
        ['a', [1, 0.5]],
        ['b', [1, Number.NaN]],
      ],
      '',
    );
    expect(await problemsOf(content)).toMatchObject([{ place: { record: 'row 2, byte 20' }, found: 'NaN' }]);
  });

  it('names the row of a word that is not UTF-8', async () => {
    const content = word2vecBinary(rows);
    content[content.indexOf('ï') + 1] = 0x41;
    expect(await problemsOf(content)).toMatchObject([
      { message: 'the word is not UTF-8', found: 'byte 0xc3' },
    ]);
  });
});

describe('malformed JSON', () => {
  it('is cut, wherever', async () => {
    const whole = wink(rows);
    for (let length = 20; length < whole.length; length += 13) {
      const [problem] = await problemsOf(whole.subarray(0, length));
      expect(problem.message).toContain('this JSON is cut');
    }
  });

  it('is some other JSON', async () => {
    const problems = await problemsOf('{"name": "x", "files": {"a": 1}}');
    expect(problems).toMatchObject([{ place: { record: 'byte 23' }, found: '{' }]);
  });

  it('lists vectors that are too short, have no word or no finite number, and words without vector', async () => {
    const content = '{"dimensions":2,"words":["a","b","c"],"vectors":{"a":[1],"b":[1,null],"x":[1,2]}}';
    expect(await problemsOf(content)).toMatchObject([
      { place: { record: 'vectors["a"]' }, expected: 'a word and 2 numbers', found: '1 number' },
      { place: { record: 'vectors["b"]' }, found: 'null' },
      { place: { record: 'vectors["x"]' }, message: 'this word is not among "words"' },
      { place: { record: '"c"' }, message: 'this word has no vector' },
    ]);
  });
});

describe('other files', () => {
  it('a gzip file that is cut or damaged is said to be so', async () => {
    const whole = gzipSync(glove(rows));
    const damaged = Buffer.from(whole);
    damaged[20] ^= 0xff;
    for (const content of [whole.subarray(0, whole.length - 12), whole.subarray(0, 12), damaged]) {
      expect((await problemsOf(content))[0].message).toBe('the gzip file is cut or damaged');
    }
  });

  it('a zip archive is to be unpacked', async () => {
    expect((await problemsOf('PK\x03\x04…'))[0]).toMatchObject({
      message: 'this is a zip archive, not a file of word vectors',
      hint: expect.stringContaining('unpack it'),
    });
  });

  it('vectors of another width than the config wants are refused at its place', async () => {
    const place = { file: 'my.yaml', line: 7, column: 10, key: 'embeddings[0].dim' };
    const error = await refusalOf(folder.write('vectors', glove(rows)), { expectedDim: 100, place });
    expect(error.problems).toMatchObject([{ place, expected: '100 dimensions', found: '3' }]);
  });
});
