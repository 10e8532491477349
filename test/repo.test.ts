/** The repository checks itself: layering, a test for every kind, README in step with the code, nothing that belongs to one machine. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { sourceKinds } from '../src/annotation/sources/index.js';
import { baselineKinds } from '../src/baselines/index.js';
import { commands } from '../src/cli/commands.js';
import { errorCodes } from '../src/core/errors.js';
import { formats } from '../src/corpus/index.js';
import { pairKinds, recordKinds } from '../src/corpus/standoff/index.js';
import { decoderKinds } from '../src/decoders/index.js';
import { embeddingKinds } from '../src/embeddings/index.js';
import { encoderKinds } from '../src/encoders/index.js';
import { outputs } from '../src/export/index.js';
import { loadPipeline } from '../src/pipeline/config.js';
import { describeCorpus } from '../src/pipeline/corpus.js';
import { splitterKinds } from '../src/text/sentences.js';
import { tokenizerKinds } from '../src/text/tokenizers/index.js';
import { averageKinds } from '../src/training/averages/index.js';
import { optimizerKinds } from '../src/training/optimizers/index.js';
import { scheduleKinds } from '../src/training/schedules.js';
import { section, tableRows } from './repo/markdown.js';
import { pipelineKeyRows } from './repo/pipeline-keys.js';
import { cyclesOf, filesIn, folderOf, printsOf, readSources } from './repo/sources.js';

const read = (path: string) => readFileSync(path, 'utf8');
const readme = read('README.md');
const { version } = JSON.parse(read('package.json'));
const sources = readSources();

/** A folder imports only folders of a smaller rank; `src/index.ts` stands above all. */
const ranks: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ['kernels'],
    ['core'],
    ['text'],
    ['corpus', 'layers', 'evaluation'],
    ['embeddings', 'encoders', 'decoders', 'export'],
    ['tagger', 'report'],
    ['training', 'baselines', 'annotation', 'gpu'],
    ['pipeline', 'service'],
    ['cli'],
  ].flatMap((folders, rank) => folders.map((folder) => [folder, rank])),
);

const rankOf = (path: string): number => {
  const folder = folderOf(path);
  return folder === undefined ? Number.POSITIVE_INFINITY : ranks[folder];
};

describe('src', () => {
  it('has only folders with a rank', () => {
    const folders = new Set(sources.map(({ path }) => folderOf(path)).filter((name) => name !== undefined));
    expect([...folders].filter((folder) => !(folder in ranks))).toEqual([]);
  });

  it('imports only downwards, never sideways', () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter((to) => folderOf(to) !== folderOf(path) && !(rankOf(to) < rankOf(path)))
        .map((to) => `${path} → ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no files that import each other in a ring', () => {
    expect(cyclesOf(sources)).toEqual([]);
  });

  it('prints and exits only in cli', () => {
    const others = sources.filter(({ path }) => folderOf(path) !== 'cli');
    expect(others.flatMap(printsOf)).toEqual([]);
  });

  it('has no file of more than 300 lines', () => {
    const long = sources.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));
    expect(long.filter(({ lines }) => lines > 300)).toEqual([]);
  });
});

describe('every kind has a test of its own name, or one that names it or runs over the whole table:', () => {
  const tables: readonly (readonly [room: string, name: string, table: object])[] = [
    ['corpus', 'formats', formats],
    ['corpus/standoff', 'recordKinds', recordKinds],
    ['corpus/standoff', 'pairKinds', pairKinds],
    ['text', 'tokenizerKinds', tokenizerKinds],
    ['text', 'splitterKinds', splitterKinds],
    ['embeddings', 'embeddingKinds', embeddingKinds],
    ['encoders', 'encoderKinds', encoderKinds],
    ['decoders', 'decoderKinds', decoderKinds],
    ['export', 'outputs', outputs],
    ['training', 'optimizerKinds', optimizerKinds],
    ['training', 'scheduleKinds', scheduleKinds],
    ['training', 'averageKinds', averageKinds],
    ['annotation', 'sourceKinds', sourceKinds],
    ['baselines', 'baselineKinds', baselineKinds],
  ];
  it.each(tables)('%s: %s', (room, name, table) => {
    const files = filesIn(`test/${room}`, '.test.ts');
    const texts = files.map(read);
    const isTested = (kind: string) =>
      files.some((file) => basename(file) === `${kind}.test.ts`) ||
      texts.some(
        (text) =>
          new RegExp(`\\b(kind|format): ['"\`]?${kind}\\b|['"\`]${kind}['"\`]`).test(text) ||
          new RegExp(`Object\\.(keys|values|entries)\\(${name}\\)`).test(text),
      );
    expect(Object.keys(table).filter((kind) => !isTested(kind))).toEqual([]);
  });
});

describe('README', () => {
  const install = 'npm install && npx tagger train conll.yaml';
  const test = 'npm install && npm test';

  it('has the two commands that .ci/run runs', () => {
    const script = read('.ci/run');
    for (const command of [install, test]) {
      expect(readme).toContain(`\n${command}\n`);
      expect(script).toContain(command);
    }
  });

  it('lists every command with all of its options, and no others', async () => {
    const program = tableRows(section(readme, 'Commands'));
    for (const [name, { summary, load }] of Object.entries(commands)) {
      expect(program).toContainEqual([`tagger ${name}`, summary]);
      const command = new Command(name);
      (await load()).define(command);
      const rows = tableRows(section(readme, `\`tagger ${name}\``)).map(([cell]) => cell);
      const names = [
        ...command.registeredArguments.map((argument) =>
          argument.variadic ? `<${argument.name()}...>` : `<${argument.name()}>`,
        ),
        ...command.options.map(({ flags }) => flags),
      ];
      expect(rows.slice(2), `tagger ${name}`).toEqual(names);
    }
  });

  it.each([
    ['Inputs', sourceKinds],
    ['Outputs', outputs],
  ] as const)('%s: lists every format with its endings', (heading, table) => {
    const rows = tableRows(ownText(heading)).slice(2);
    const found = rows.map(([name, endings]) => [name, endings.replaceAll('`', '')]);
    const expected = Object.entries(table).map(([name, { endings }]) => [name, endings.join(', ')]);
    expect(found.sort()).toEqual(expected.sort());
  });

  it('lists the options of the program itself', () => {
    const help = execFileSync(process.execPath, ['dist/cli/main.js', '--help'], { encoding: 'utf8' });
    const flags = [...help.matchAll(/^ {2}(-.*?) {2,}/gm)].map(([, flag]) => flag);
    expect(flags.length).toBeGreaterThan(2);
    const rows = tableRows(section(readme, 'Options of every command')).map(([cell]) => cell);
    expect(rows.slice(2).sort()).toEqual(flags.sort());
  });

  it('lists every key of a pipeline with its default', () => {
    const missing = pipelineKeyRows().filter(({ section: heading, cells }) => {
      const rows = tableRows(section(readme, heading));
      return !rows.some((row) => cells.every((cell, i) => row[i] === cell));
    });
    expect(missing.map(({ section: heading, cells }) => `${heading}: ${cells.join(' | ')}`)).toEqual([]);
  });

  it('lists no key of a pipeline that does not exist', () => {
    const expected = pipelineKeyRows();
    const headings = [...new Set(expected.map(({ section: heading }) => heading))];
    const unknown = headings.flatMap((heading) => {
      const own = expected.filter((row) => row.section === heading).map(({ cells }) => cells);
      const rows = tableRows(ownText(heading)).filter(
        ([first]) => first !== 'key' && first !== 'kind' && !/^-+$/.test(first),
      );
      return rows
        .filter((row) => !own.some((cells) => cells.every((cell, i) => row[i] === cell)))
        .map((row) => `${heading}: ${row.join(' | ')}`);
    });
    expect(unknown).toEqual([]);
  });

  it('lists every error code with its exit code', () => {
    const rows = tableRows(section(readme, 'Errors'));
    const codes = Object.entries(errorCodes).map(([code, { exit, meaning }]) => [code, `${exit}`, meaning]);
    for (const code of codes) expect(rows).toContainEqual(code);
    expect(rows.filter(([first]) => first.startsWith('E_'))).toHaveLength(codes.length);
  });

  it('names every variable of the environment that src reads', () => {
    const used = sources.flatMap(({ text }) =>
      [...text.matchAll(/\bTAGGER_[A-Z]+\b/g)].map(([name]) => name),
    );
    const rows = tableRows(section(readme, 'Environment')).map(([name]) => name);
    expect([...new Set(used)].filter((name) => !rows.includes(name))).toEqual([]);
  });

  it('links only to files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, path]) => path);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
  });

  /** The text right under a heading, without that of the sections in it. */
  function ownText(heading: string): string {
    return section(readme, heading).split(/^#+ /m)[0];
  }
});

describe('data', () => {
  it.each(readdirSync('pipelines'))('pipelines/%s is a pipeline whose corpus is described', async (file) => {
    const pipeline = await loadPipeline(`pipelines/${file}`);
    const description = await describeCorpus(pipeline.corpus);
    expect(description.name).toBeTruthy();
  });

  const descriptions = readdirSync('corpora').filter((file) => file.endsWith('.yaml'));
  it.each(descriptions)('corpora/%s is a description with its own name and a licence', async (file) => {
    const { name, licence } = await describeCorpus({ name: basename(file, '.yaml') });
    expect({ name, licence }).toEqual({ name: basename(file, '.yaml'), licence: expect.any(String) });
  });
});

it('CHANGELOG has the version of the package', () => {
  expect(read('CHANGELOG.md')).toMatch(new RegExp(`^## ${version.replaceAll('.', '\\.')}\\b`, 'm'));
});

it('.ci/run can be executed', () => {
  expect(statSync('.ci/run').mode & 0o111).not.toBe(0);
});

it('no file names a folder of the machine it was written on', () => {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const files = execFileSync('git', list, { encoding: 'utf8' }).split('\0');
  const local = [resolve('.'), homedir()].filter((path) => path.length > 5);
  const machine = /(?<![\w.~/-])\/(?:work|root|home|Users|mnt)\/\w|\.librar[y]\b/;
  const wrong = files
    .filter((file) => file && existsSync(file))
    .flatMap((file) =>
      read(file)
        .split('\n')
        .map((text, i) => ({ text, at: `${file}:${i + 1}` }))
        .filter(({ text }) => machine.test(text) || local.some((path) => text.includes(path)))
        .map(({ at }) => at),
    );
  expect(wrong).toEqual([]);
});
