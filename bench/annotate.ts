/**
 * Annotation end to end: `tagger annotate` from JSON lines to JSON lines with one thread and two, how long one document takes
 * in a library, and the other taggers of Node on the same text.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tagger } from '../dist/index.js';
import { saveModel } from '../dist/tagger/model.js';
import { best, median } from './measure.js';
import { makeModel } from './model.js';
import { newsTexts } from './news.js';
import type { Part, PartResult } from './part.js';
import { type Peer, peers } from './peers.js';
import { ratio, type Table, verdict, whole } from './table.js';
import { inventSentences, textOf } from './text.js';

const ROUNDS = 4;
const DOCUMENTS = 15_000;
/** Sentences of a document. */
const LENGTH = 10;
const VOCABULARY_SENTENCES = 10_000;
const LATENCY_ROUNDS = 2000;
const required = { scaling: 1.75, tokensPerSecond: 30_000 };

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

interface Speed {
  readonly workers: number;
  /** Tokens a second of the whole command, from its start to its end. */
  readonly rate: number;
}

async function run(): Promise<PartResult> {
  const folder = await mkdtemp(join(tmpdir(), 'tagger-bench-'));
  try {
    const model = join(folder, 'model');
    const vocabulary = inventSentences(VOCABULARY_SENTENCES, 1).flatMap(({ tokens }) => tokens);
    await saveModel(model, await makeModel(vocabulary), new Map());
    const input = join(folder, 'documents.jsonl');
    await writeFile(input, documents().join(''));
    const rounds = Array.from({ length: ROUNDS }, () =>
      [1, 2].map((workers) => annotate(model, input, workers)),
    );
    const latencies = await latency(model);
    const others = await comparePeers(model);
    return report(rounds, latencies, others);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function documents(): string[] {
  const sentences = inventSentences(DOCUMENTS * LENGTH, 2);
  return Array.from({ length: DOCUMENTS }, (_, id) => {
    const text = textOf(sentences.slice(id * LENGTH, (id + 1) * LENGTH));
    return `${JSON.stringify({ id, text })}\n`;
  });
}

function annotate(model: string, input: string, workers: number): Speed {
  const start = performance.now();
  const args = [cli, 'annotate', model, input, '--workers', String(workers), '-o', `${input}.out`];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`annotate failed: ${stderr}`);
  tokensOfAll ??= tokensIn(`${input}.out`);
  return { workers, rate: tokensOfAll / seconds };
}

let tokensOfAll: number | undefined;

function tokensIn(output: string): number {
  const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
  return lines.reduce((sum, line) => sum + JSON.parse(line).tokens.length, 0);
}

interface Latency {
  readonly name: string;
  readonly p50: number;
  readonly p99: number;
}

/** Of new documents, one at a time, in ms. */
async function latency(model: string): Promise<Latency[]> {
  const tagger = await Tagger.load(model);
  const latencies = [1, LENGTH].map((length) => {
    const sentences = inventSentences((LATENCY_ROUNDS + 200) * length, 3);
    const times: number[] = [];
    for (let i = 0; i < sentences.length; i += length) {
      const text = textOf(sentences.slice(i, i + length));
      const start = performance.now();
      tagger.annotate(text);
      times.push(performance.now() - start);
    }
    // The first ones warm up.
    const sorted = times.slice(200).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
    return { name: length === 1 ? '1 sentence' : `${length} sentences`, p50: at(0.5), p99: at(0.99) };
  });
  await tagger.close();
  return latencies;
}

interface PeerSpeed extends Omit<Peer, 'open'> {
  readonly rate: number;
}

/** Each on the news that come with tagger, on one thread; the tokens are those that tagger cuts. */
async function comparePeers(model: string): Promise<PeerSpeed[]> {
  const tagger = await Tagger.load(model);
  const texts = newsTexts();
  const tokens = texts.reduce((sum, text) => sum + tagger.annotate(text).tokens.length, 0);
  const own: Peer = {
    name: 'tagger',
    does: 'what it was trained for',
    open: () => (text) => void tagger.annotate(text),
  };
  const speeds: PeerSpeed[] = [];
  for (const { name, does, open } of [own, ...peers]) {
    const handle = await open();
    const rates = Array.from({ length: ROUNDS + 1 }, () => {
      const start = performance.now();
      for (const text of texts) handle(text);
      return (1000 * tokens) / (performance.now() - start);
    });
    speeds.push({ name, does, rate: best(rates.slice(1)) });
  }
  await tagger.close();
  return speeds;
}

function report(
  rounds: readonly (readonly Speed[])[],
  latencies: readonly Latency[],
  others: readonly PeerSpeed[],
): PartResult {
  const rates = [0, 1].map((i) => rounds.map((round) => round[i].rate));
  const scalings = rounds.map(([one, two]) => two.rate / one.rate);
  const annotation = {
    tokensPerSecond: rates.map(best),
    scaling: best(rates[1]) / best(rates[0]),
    medianScaling: median(scalings),
    latencies,
    peers: others,
  };
  const speed: Table = {
    title: 'tagger annotate, JSON lines to JSON lines, NCRF++ network: tokens/s of the whole command',
    head: ['', 'best', 'median', 'required', 'met'],
    rows: [
      [
        '1 worker',
        whole(best(rates[0])),
        whole(median(rates[0])),
        `≥ ${whole(required.tokensPerSecond)}`,
        verdict(best(rates[0]) >= required.tokensPerSecond),
      ],
      [
        '2 workers',
        whole(best(rates[1])),
        whole(median(rates[1])),
        `≥ ${whole(2 * required.tokensPerSecond)}`,
        verdict(best(rates[1]) >= 2 * required.tokensPerSecond),
      ],
      [
        '2 against 1',
        ratio(annotation.scaling),
        ratio(annotation.medianScaling),
        `≥ ${ratio(required.scaling)}`,
        verdict(annotation.scaling >= required.scaling),
      ],
    ],
    notes: [
      `${ROUNDS} rounds in turn, ${whole(DOCUMENTS)} documents of ${LENGTH} sentences; start-up and loading included`,
    ],
  };
  const waits: Table = {
    title: 'one document at a time, tagger.annotate: ms',
    head: ['', 'p50', 'p99'],
    rows: latencies.map(({ name, p50, p99 }) => [name, p50.toFixed(2), p99.toFixed(2)]),
    notes: [`${LATENCY_ROUNDS} documents each, none seen before`],
  };
  const beside: Table = {
    title: 'taggers of Node on the bundled news, raw text, one thread: tokens/s',
    head: ['', 'best', 'of tagger', 'does'],
    rows: others.map(({ name, does, rate }) => [name, whole(rate), ratio(rate / others[0].rate), does]),
    notes: ['the others look words up and apply rules; tokens are counted as tagger cuts them'],
  };
  return { json: { annotation }, tables: [speed, waits, beside] };
}

export const annotation: Part = { title: 'annotation end to end', run };
