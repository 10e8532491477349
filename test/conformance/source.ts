/** What every input format must do. A format's own test calls this with a sample and adds what it exists for. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LostRecord, Position, RawRecord, Source } from '../../src/annotation/source.js';
import { decoderOf, openSource, type SourceOptions } from '../../src/annotation/sources/index.js';
import { errorData, formatProblem, type Problem } from '../../src/core/errors.js';
import type { Document } from '../../src/text/document.js';
import { folderWith } from '../corpus/files.js';
import { randomNumbers } from '../text/random-spans.js';

export const seed = Number(process.env.TAGGER_TEST_SEED ?? 1);

export interface SourceCase {
  readonly options: SourceOptions;
  /** The ending of its files. */
  readonly ending: string;
  /** Several documents, with line ends `\n`. */
  readonly sample: string;
  /** The texts of its documents. */
  readonly texts: readonly string[];
  /** What `\r\n` in the sample makes of a text; nothing by default. */
  readonly withReturns?: (text: string) => string;
}

type SourceRecord = RawRecord | LostRecord;

export interface Outcome {
  readonly position: Position;
  readonly document?: Document;
  readonly problems?: readonly Problem[];
}

/** Every record of a source as a document or as what is wrong with it. */
export async function outcomesOf(
  source: Source,
  options: SourceOptions,
  from?: Position,
): Promise<Outcome[]> {
  const decode = decoderOf(options);
  const outcomes: Outcome[] = [];
  for await (const record of source.records(from)) outcomes.push(await outcomeOf(record, decode));
  return outcomes;
}

async function outcomeOf(record: SourceRecord, decode: ReturnType<typeof decoderOf>): Promise<Outcome> {
  const { position } = record;
  if (record.kind === 'lost') return { position, problems: record.error.problems };
  try {
    return { position, document: await decode(record) };
  } catch (error) {
    const { code, problems } = errorData(error);
    if (code !== 'E_DOCUMENT') throw error;
    return { position, problems };
  }
}

/** What the bytes of a stream in chunks of these sizes hold; all at once by default. */
export async function readStream(
  bytes: Uint8Array | string,
  options: SourceOptions,
  size: () => number = () => Number.POSITIVE_INFINITY,
): Promise<Outcome[]> {
  return outcomesOf(await openSource(['-'], options, { stdin: chunksOf(bytes, size) }), options);
}

export async function* chunksOf(
  content: Uint8Array | string,
  size: () => number,
): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + size());
    yield Buffer.from(bytes.subarray(from, to));
    from = to;
  }
}

export const textsOf = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap(({ document }) => (document ? [document.text] : []));

export const idsOf = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap(({ document }) => (document ? [document.id] : []));

/** Every problem, as it would be printed. */
export const problemsOf = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap(({ problems = [] }) => problems.map(formatProblem));

export function expectTokensInText({ text, sentences }: Document): void {
  for (const token of sentences.flatMap(({ tokens }) => tokens)) {
    expect(text.slice(token.start, token.end)).toBe(token.text);
  }
}

export function sourceConformance(name: string, sample: SourceCase): void {
  const { options, ending, texts, withReturns = (text) => text } = sample;
  const bytes = Buffer.from(sample.sample);
  const fileOf = async (content: Uint8Array, file = `sample${ending}`) =>
    join(await folderWith({ [file]: content }), file);
  const open = async (path: string) => openSource([path], options);

  describe(`${name}: what every input format does`, () => {
    it('reads the documents of a file', async () => {
      const path = await fileOf(bytes);
      const source = await open(path);
      const outcomes = await outcomesOf(source, options);
      expect(problemsOf(outcomes)).toEqual([]);
      expect(textsOf(outcomes)).toEqual(texts);
      expect(source.bytes).toBe(bytes.length);
      for (const { document } of outcomes) expectTokensInText(document!);
    });

    it('knows the format by the ending of the file', async () => {
      const path = await fileOf(bytes);
      const { from, ...others } = options;
      // Lines of plain text look like a text.
      if (name === 'lines')
        expect(textsOf(await outcomesOf(await openSource([path]), {}))).toEqual([sample.sample]);
      else expect(textsOf(await outcomesOf(await openSource([path], others), others))).toEqual(texts);
    });

    it('takes no byte order mark for text', async () => {
      const outcomes = await readStream(Buffer.concat([Buffer.from('\uFEFF'), bytes]), options);
      expect(textsOf(outcomes)).toEqual(texts);
    });

    it('reads line ends of Windows', async () => {
      const outcomes = await readStream(sample.sample.replaceAll('\n', '\r\n'), options);
      expect(textsOf(outcomes)).toEqual(texts.map(withReturns));
    });

    it('needs no line end at the end', async () => {
      const outcomes = await readStream(sample.sample.trimEnd(), options);
      expect(textsOf(outcomes).map((text) => text.trimEnd())).toEqual(texts.map((text) => text.trimEnd()));
    });

    it('reads the same records wherever chunks end', async () => {
      const whole = await readStream(bytes, options);
      for (let at = 1; at < bytes.length; at++) {
        let isFirst = true;
        const size = () => {
          const length = isFirst ? at : bytes.length;
          isFirst = false;
          return length;
        };
        expect(await readStream(bytes, options, size), `cut at ${at}`).toEqual(whole);
      }
      const random = randomNumbers(seed);
      for (let run = 0; run < 20; run++) {
        const most = 1 + Math.floor(random() * 12);
        const size = () => 1 + Math.floor(random() * most);
        expect(await readStream(bytes, options, size), `seed ${seed}, run ${run}`).toEqual(whole);
      }
    });

    it('gives each record the place of its bytes', async () => {
      const outcomes = await readStream(bytes, options);
      outcomes.forEach(({ position }, i) => {
        const before = bytes.subarray(0, position.offset).toString();
        expect(position).toMatchObject({ input: 0, name: '-', number: i, record: i });
        expect(position.line).toBe(before.split('\n').length - 1);
        expect(before === '' || before.endsWith('\n')).toBe(true);
      });
    });

    const ways = {
      file: async () => open(await fileOf(bytes)),
      'compressed file': async () => open(await fileOf(gzipSync(bytes), `sample${ending}.gz`)),
    };
    for (const [what, openWay] of Object.entries(ways)) {
      it(`goes on from the position of any record of a ${what} with exactly the rest`, async () => {
        const source = await openWay();
        const all = await outcomesOf(source, options);
        for (const [i, { position }] of all.entries()) {
          expect(await outcomesOf(source, options, position), `record ${i}`).toEqual(all.slice(i));
        }
      });
    }

    it('goes on from a position of standard input, which it reads again', async () => {
      const all = await readStream(bytes, options);
      for (const [i, { position }] of all.entries()) {
        const source = await openSource(['-'], options, { stdin: chunksOf(bytes, () => 7) });
        expect(await outcomesOf(source, options, position), `record ${i}`).toEqual(all.slice(i));
      }
    });

    it('reads gzip of several members, in a file and in a stream', async () => {
      const middle = bytes.length >> 1;
      const zipped = Buffer.concat([gzipSync(bytes.subarray(0, middle)), gzipSync(bytes.subarray(middle))]);
      const path = await fileOf(zipped, `sample${ending}.gz`);
      expect(textsOf(await outcomesOf(await open(path), options))).toEqual(texts);
      expect(textsOf(await readStream(zipped, options, () => 5))).toEqual(texts);
    });

    it('reads what stands before the cut of a gzip file, and says once that it is cut', async () => {
      const zipped = gzipSync(bytes);
      let most = 0;
      for (let length = 0; length < zipped.length; length += 3) {
        const path = await fileOf(zipped.subarray(0, length), `sample${ending}.gz`);
        const outcomes = await outcomesOf(await open(path), options);
        const read = textsOf(outcomes);
        expect(read, `cut at ${length}`).toEqual(texts.slice(0, read.length));
        expect(problemsOf(outcomes)).toEqual([expect.stringMatching(/gzip stream is cut off/)]);
        expect(outcomes.at(-1)?.problems).toBeDefined();
        most = Math.max(most, read.length);
      }
      expect(most).toBeGreaterThanOrEqual(name === 'text' ? 0 : texts.length - 1);
    });

    it('has no records in an empty input, but for one text', async () => {
      expect(textsOf(await readStream('', options))).toEqual(name === 'text' ? [''] : []);
    });

    it('says where a record is not UTF-8', async () => {
      const broken = Buffer.from(sample.sample.replaceAll('é', '\u0001')).map((byte) =>
        byte === 1 ? 0xe9 : byte,
      );
      const outcomes = await readStream(broken, options);
      const offset = broken.indexOf(0xe9);
      expect(problemsOf(outcomes)[0]).toMatch(
        new RegExp(`^-:\\d+:\\d+: .* not UTF-8[^]*byte 0xE9 at offset ${offset}\\b`),
      );
      // The record with the é alone is lost.
      expect(textsOf(outcomes)).toEqual(texts.filter((text) => !text.includes('é')));
    });
  });
}
