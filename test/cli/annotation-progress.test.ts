import { describe, expect, it } from 'vitest';
import type { AnnotationRecord, Counts } from '../../src/annotation/index.js';
import { annotationProgress } from '../../src/cli/annotation-progress.js';

const counts = (documents: number, more: Partial<Counts> = {}): Counts => ({
  documents,
  tokens: 20 * documents,
  entities: 0,
  failed: 0,
  long: 0,
  bytes: 0,
  ...more,
});
const progressed = (documents: number, share?: number, earlier = 0, failed = 0): AnnotationRecord => ({
  kind: 'progress',
  counts: counts(documents + earlier, { failed, bytes: 100 * (documents + earlier) }),
  fresh: counts(documents, { bytes: 100 * documents }),
  share,
});
const failed = (id: unknown): AnnotationRecord => ({
  kind: 'failed',
  record: {
    id,
    code: 'E_DOCUMENT',
    place: { file: 'a.jsonl', line: 3 },
    message: 'the line is no JSON',
    hint: 'mend it',
  },
});
const result = (documents: number, more: Partial<Counts> = {}, interrupted = false) => ({
  counts: counts(documents, more),
  fresh: counts(documents, more),
  interrupted,
});

/** A screen that keeps what is written, and a clock that is moved by hand. */
function setUp(isTTY: boolean, { isQuiet = false, columns = 120 } = {}) {
  const written: string[] = [];
  const clock = { time: 0 };
  const screen = { isTTY, columns, write: (text: string) => written.push(text) };
  return { written, clock, ...annotationProgress({ isQuiet, screen, now: () => clock.time }) };
}

describe('progress of annotation that is not on a terminal', () => {
  it('is a line every ten seconds, with speeds, share and what is left', () => {
    const { written, clock, show } = setUp(false);
    for (clock.time = 0; clock.time <= 20_000; clock.time += 1000)
      show(progressed(clock.time, clock.time / 80_000));
    expect(written).toEqual([
      '10,000 documents  200,000 tokens  1,000 documents/s  20,000 tokens/s  12 %  1m10s left\n',
      '20,000 documents  400,000 tokens  1,000 documents/s  20,000 tokens/s  25 %  1m00s left\n',
    ]);
  });

  it('says nothing of a share that is not known, and what has failed', () => {
    const { written, clock, show } = setUp(false);
    clock.time = 10_000;
    show(progressed(500, undefined, 0, 7));
    expect(written).toEqual(['500 documents  10,000 tokens  50 documents/s  1,000 tokens/s  7 failed\n']);
  });

  it('of a run that goes on counts all documents, and takes speed and time from its own', () => {
    const { written, clock, show } = setUp(false);
    clock.time = 10_000;
    show(progressed(1000, 0.6, 5000));
    expect(written).toEqual([
      '6,000 documents  120,000 tokens  100 documents/s  2,000 tokens/s  60 %  40s left\n',
    ]);
  });

  it('says nothing of a run that is over before', () => {
    const { written, clock, show, end } = setUp(false);
    clock.time = 2000;
    show(progressed(10));
    end(result(10), 'x.jsonl');
    expect(written).toEqual([]);
  });

  it('sums up what has failed, was too long, or was interrupted', () => {
    const { written, clock, end } = setUp(false);
    clock.time = 4000;
    end(result(1, { tokens: 1000, failed: 2, long: 1 }), 'x.jsonl');
    end(result(2, { long: 3 }, true), 'x.jsonl');
    end(result(2, {}, true), '-');
    end(result(2, {}, true));
    expect(written).toEqual([
      '1 document, 1,000 tokens in 4s, 250 tokens/s; 2 failed; 1 sentence longer than any of training, tagged in windows\n',
      '2 documents, 40 tokens in 4s, 10 tokens/s; 3 sentences longer than any of training, tagged in windows\n',
      'interrupted; --resume goes on from here\n',
      '2 documents, 40 tokens in 4s, 10 tokens/s\n',
      'interrupted\n',
      '2 documents, 40 tokens in 4s, 10 tokens/s\n',
      'interrupted\n',
    ]);
  });
});

describe('documents that fail', () => {
  it('are told with their place and id, the first twenty of them', () => {
    const { written, show } = setUp(false, { isQuiet: true });
    for (let i = 1; i <= 25; i++) show(failed(i));
    expect(written[0]).toBe('failed E_DOCUMENT: a.jsonl:3 1: the line is no JSON\n  try: mend it\n');
    expect(written).toHaveLength(21);
    expect(written[20]).toBe('… more failed documents are only counted; --errors FILE lists all\n');
  });

  it('are all that a quiet run tells of', () => {
    const { written, clock, show, end } = setUp(true, { isQuiet: true });
    show(failed('a'));
    clock.time = 60_000;
    show(progressed(100, 0.5));
    end(result(100, { failed: 1 }));
    expect(written.filter((text) => text !== '\r\u001b[K')).toEqual([expect.stringContaining('failed')]);
  });
});

describe('progress of annotation on a terminal', () => {
  it('writes over one line, ten times a second, and takes it away at the end', () => {
    const { written, clock, show, end } = setUp(true);
    for (clock.time = 0; clock.time <= 300; clock.time += 50) show(progressed(clock.time, clock.time / 1000));
    expect(written).toHaveLength(3);
    expect(written[2]).toBe(
      '\r\u001b[K300 documents  6,000 tokens  1,000 documents/s  20,000 tokens/s  30 %  1s left',
    );
    clock.time = 1000;
    end(result(1000));
    const [cleared, last] = [written[3], written[4]];
    expect(cleared).toBe('\r\u001b[K');
    expect(last).toBe('\r\u001b[K1,000 documents, 20,000 tokens in 1s, 20,000 tokens/s\n');
  });

  it('never writes a line that wraps', () => {
    const { written, clock, show } = setUp(true, { columns: 30 });
    clock.time = 1000;
    show(progressed(1e6, 0.5));
    expect(written[0].replace('\r\u001b[K', '')).toHaveLength(29);
  });

  it('prints a failed document above it', () => {
    const { written, clock, show } = setUp(true);
    clock.time = 200;
    show(progressed(10));
    show(failed('a'));
    expect(written[1]).toBe(
      '\r\u001b[Kfailed E_DOCUMENT: a.jsonl:3 a: the line is no JSON\n  try: mend it\n',
    );
  });
});
