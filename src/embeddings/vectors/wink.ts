/**
 * The JSON of wink's npm packages of word vectors: one object with `dimensions`, then the array `words` (most frequent
 * first), then the object `vectors`, whose arrays hold the vector and after it two figures of wink's own. It has
 * 307 MB, so it goes by as a stream of tokens.
 */
import { type Problem, TaggerError } from '../../core/errors.js';
import { endOfToken, isMark, parseString, startOfToken, type Token } from './json-tokens.js';
import { parseNumbers } from './numbers.js';
import { createProblems, type Problems, unusableNumber, wrongWidth } from './problems.js';
import { readRecords } from './records.js';
import { largestDim, type VectorSource } from './source.js';
import { createTable, type TableBuilder, type VectorTable } from './table.js';

const comma = 0x2c;

export const wink: VectorSource = {
  detects: (head) => /^\s*\{\s*"\w+"\s*:/.test(head.toString('latin1', 0, 256)),

  async read(chunks, file) {
    const problems = createProblems(file);
    const reading = readObject(problems, refuse);
    let step = reading.next();
    let token: Token | undefined;
    let offset = 0;

    function refuse(): never {
      throw new TaggerError('E_VECTORS', {
        message: 'this JSON is cut, or does not hold word vectors as the packages of wink do',
        place: { file, record: `byte ${offset}` },
        expected: step.done ? 'the end of the file' : step.value,
        found: token
          ? token.bytes.toString('utf8', token.from, Math.min(token.to, token.from + 40))
          : 'the end of the file',
      });
    }

    await readRecords(chunks, file, {
      end: (bytes, from) => endOfToken(bytes, startOfToken(bytes, from)),
      take(bytes, from, to) {
        token = { bytes, from: startOfToken(bytes, from), to };
        offset += token.from - from;
        if (step.done) refuse();
        step = reading.next(token);
        offset += to - token.from;
      },
    });
    token = undefined;
    if (!step.done) return refuse();
    problems.raise();
    return step.value;
  },
};

/** A coroutine: it yields what it expects next, for the message, and is handed the next token. */
type Reading<T> = Generator<string, T, Token>;
type Refuse = () => never;

function* readObject(problems: Problems, refuse: Refuse): Reading<VectorTable> {
  let dim = 0;
  let table: TableBuilder | undefined;
  if (!isMark(yield 'an object', '{')) refuse();
  for (let token = yield 'a key'; !isMark(token, '}'); token = yield 'a key or the end of the object') {
    const key = parseString(token) ?? refuse();
    if (key === 'dimensions') dim = parseDim(yield 'the number of dimensions') ?? refuse();
    else if (key === 'words' && dim > 0) table = yield* readWords(dim, refuse);
    else if (key === 'vectors' && table) yield* readVectors(table, dim, problems, refuse);
    else {
      const other = yield 'a plain value; "dimensions", "words" and "vectors" in this order';
      if (isMark(other, '{') || isMark(other, ']') || isMark(other, '}')) refuse();
    }
  }
  return table?.finish() ?? refuse();
}

function* readWords(dim: number, refuse: Refuse): Reading<TableBuilder> {
  const table = createTable(dim);
  if (!isMark(yield 'an array of words', '[')) refuse();
  for (let token = yield 'a word'; !isMark(token, ']'); token = yield 'a word or the end of the words') {
    table.add(parseString(token) ?? refuse());
  }
  return table;
}

function* readVectors(table: TableBuilder, dim: number, problems: Problems, refuse: Refuse): Reading<void> {
  const numbers = new Float32Array(dim);
  const written = new Set<number>();
  if (!isMark(yield 'an object of vectors', '{')) refuse();
  for (let token = yield 'a word'; !isMark(token, '}'); token = yield 'a word or the end of the vectors') {
    const word = parseString(token) ?? refuse();
    const vector = yield 'an array of numbers';
    if (!isMark(vector, '[')) refuse();
    const problem = takeVector(table, word, vector, numbers, written);
    if (problem) problems.add(problem, { record: `vectors[${JSON.stringify(word)}]` });
  }
  for (const [row, word] of table.words.entries()) {
    if (!written.has(row))
      problems.add({ message: 'this word has no vector' }, { record: JSON.stringify(word) });
  }
}

/** Puts a vector into the row of its word, or says what is wrong with it. */
function takeVector(
  table: TableBuilder,
  word: string,
  { bytes, from, to }: Token,
  numbers: Float32Array,
  written: Set<number>,
): Problem | undefined {
  const row = table.row(word);
  if (row < 0) return { message: 'this word is not among "words"' };
  const parsed = parseNumbers(bytes, from + 1, to - 1, comma, numbers);
  if (parsed < numbers.length) {
    written.add(row);
    const fields = bytes.toString('utf8', from + 1, to - 1).split(',');
    return parsed < fields.length
      ? unusableNumber(fields[parsed].trim())
      : wrongWidth(numbers.length, parsed);
  }
  if (!written.has(row)) table.write(row, numbers);
  written.add(row);
  return undefined;
}

function parseDim({ bytes, from, to }: Token): number | undefined {
  const dim = Number(bytes.toString('latin1', from, to));
  return Number.isInteger(dim) && dim >= 1 && dim <= largestDim ? dim : undefined;
}
