/** Temporary folders with a tiny corpus of our own, and the real command spawned in them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';

export const main = resolve('dist/cli/main.js');

const people = ['Ada Weller', 'Boris Lund', 'Clara', 'Tomas Iversen', 'Zoë Ng'];
const places = ['Brookhaven', 'Port Elena', 'Lindby', 'Oakfield Bay'];
const templates: [text: string, tags: string][] = [
  ['PER opened a bakery in LOC .', 'VERB DET NOUN ADP PUNCT'],
  ['The mayor of LOC thanked PER twice .', 'DET NOUN ADP VERB ADV PUNCT'],
  ['Rain fell on LOC all day .', 'NOUN VERB ADP DET NOUN PUNCT'],
  ['Yesterday PER sailed home .', 'ADV VERB ADV PUNCT'],
];

export interface Row {
  readonly word: string;
  readonly pos: string;
  readonly ner: string;
}

/** Sentences made from templates, always the same; `from` shifts which names they have. */
export function sentences(count: number, from = 0): Row[][] {
  return Array.from({ length: count }, (_, i) => {
    const [text, tags] = templates[i % templates.length];
    const others = tags.split(' ');
    return text.split(' ').flatMap((word): Row[] => {
      const names = { PER: people, LOC: places }[word];
      if (!names) return [{ word, pos: others.shift() ?? 'X', ner: 'O' }];
      const parts = names[(from + i) % names.length].split(' ');
      return parts.map((part, p) => ({ word: part, pos: 'PROPN', ner: `${p === 0 ? 'B' : 'I'}-${word}` }));
    });
  });
}

const joined = (rows: Row[][], row: (row: Row, i: number) => string) =>
  rows.map((sentence) => sentence.map(row).join('')).join('\n');

export const formats = {
  conll: (rows: Row[][]) => `${joined(rows, ({ word, pos, ner }) => `${word} ${pos} ${ner}\n`)}\n`,
  conllu: (rows: Row[][]) =>
    `${joined(rows, ({ word, pos }, i) => `${i + 1}\t${word}\t_\t${pos}\t_\t_\t0\tdep\t_\t_\n`)}\n`,
  brown: (rows: Row[][]) =>
    rows.map((sentence) => sentence.map(({ word, pos }) => `${word}/${pos}`).join(' ')).join('\n'),
};
export type Format = keyof typeof formats;

/** A network so small that an epoch takes milliseconds, and learns the templates all the same. */
const network = `
embeddings: [{ kind: word, dim: 8 }, { kind: char-cnn, dim: 4, filters: 4 }]
encoder: { units: 6, inputDropout: 0, outputDropout: 0 }
training: { epochs: 3, batch: 4, optimizer: { kind: adam, rate: 0.05 } }
`;

export function pipelineOf(format: Format): string {
  const columns = format === 'conll' ? 'columns: [word, pos, ner], ' : '';
  const files = '{ train: train.txt, dev: dev.txt, test: test.txt }';
  return `corpus: { format: ${format}, ${columns}name: bakers, licence: CC0-1.0, files: ${files} }\n${network}`;
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A pipeline `tiny.yaml` and the corpus that it describes. */
export function tinyFiles(format: Format = 'conll'): Record<string, string> {
  const write = formats[format];
  return {
    'tiny.yaml': pipelineOf(format),
    'train.txt': write(sentences(24)),
    'dev.txt': write(sentences(8, 1)),
    'test.txt': write(sentences(8, 2)),
  };
}

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder with files in it, gone after the tests of the file that asked for it. */
export function workspace(files: Files = tinyFiles()) {
  const folder = mkdtempSync(join(tmpdir(), 'tagger-e2e-'));
  made.push(folder);
  const path = (name: string) => join(folder, name);
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return {
    folder,
    path,
    write,
    /** Runs the command to its end. */
    run(args: readonly string[], input: string | Uint8Array = ''): Ended {
      const options = { cwd: folder, input, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
      const { status, signal, stdout, stderr } = spawnSync(process.execPath, [main, ...args], options);
      return { status, signal, stdout, stderr };
    },
    /** Starts the command. */
    start(args: readonly string[]): Running {
      return running(spawn(process.execPath, [main, ...args], { cwd: folder }));
    },
    /** Everything below the folder, hidden files too. */
    list: () => (readdirSync(folder, { recursive: true }) as string[]).sort(),
  };
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves when stderr has shown the text; rejects when the process ends before. */
  saw(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

export function running(child: ChildProcess): Running {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const stdout = child.stdout ? text(child.stdout) : Promise.resolve('');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', async (status, signal) => resolve({ status, signal, stdout: await stdout, stderr }));
  });
  return {
    process: child,
    ended,
    saw: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => stderr.includes(wanted) && resolve();
        look();
        child.stderr?.on('data', look);
        ended.then(() => reject(new Error(`it ended without showing "${wanted}":\n${stderr}`)));
      }),
  };
}

/** The temporary folders of models being written, of which none may stay. */
export const leftovers = (files: readonly string[]): string[] =>
  files.filter((file) => /(^|[\\/])\.|\.part$/.test(file));
