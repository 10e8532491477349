/** What `tagger annotate` says when it is used wrongly: what is wrong, and what to write instead. Nothing is left behind. */
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { workspace } from '../support/workspace.js';

const space = workspace();
beforeAll(() => {
  const pos = ['--set', 'corpus.label=pos', '--set', 'corpus.scheme=none'];
  for (const [name, ...set] of [['m'], ['pos', ...pos]]) {
    expect(space.run(['train', 'tiny', '--quiet', '--epochs', '1', '-o', name, ...set]).status).toBe(0);
  }
  space.write('a.jsonl', '{"text":"Rain"}\n');
  space.write('b.jsonl', '{"text":"Rain"}\n');
});

const formats = 'text, lines, jsonl, csv, tsv, conll, conllu';

/** The whole of stderr, or how it begins and ends. */
const cases: [args: string, stderr: string | RegExp][] = [
  ['', "error E_USAGE: missing required argument 'model'\n"],
  [
    'none a.jsonl',
    /^error E_MODEL: none\/config\.json: this file of the model is missing\n.*\n {2}try: tagger train /,
  ],
  ['tiny.yaml a.jsonl', /^error E_MODEL: tiny\.yaml\/config\.json: cannot read: ENOTDIR/],
  [
    'm a.jsonl --from xml',
    `error E_USAGE: option '--from <format>' argument 'xml' is invalid. Allowed choices are ${formats}.\n`,
  ],
  [
    'm a.jsonl --to xml',
    /^error E_USAGE: option '--to <format>' argument 'xml' is invalid\. Allowed choices are jsonl, csv, .*, brat\.\n$/,
  ],
  [
    'm a.jsonl --offsets bytes',
    /^error E_USAGE: option '--offsets <unit>' .* Allowed choices are utf16, codepoint\.\n$/,
  ],
  [
    'm a.jsonl --tags x',
    /^error E_USAGE: option '--tags <scheme>' .* Allowed choices are bio, bioes, iob1\.\n$/,
  ],
  ['m a.jsonl --wrokers 2', "error E_USAGE: unknown option '--wrokers'\n(Did you mean --workers?)\n"],
  [
    'm a.jsonl --workers 0',
    "error E_USAGE: option '--workers <count>' argument '0' is invalid. expected at least 1.\n",
  ],
  [
    'm a.jsonl --max-errors many',
    /^error E_USAGE: option '--max-errors <count>' .* expected a whole number\.\n$/,
  ],
  [
    'm a.jsonl --checkpoint soon',
    /^error E_USAGE: option '--checkpoint <seconds>' .* expected a whole number\.\n$/,
  ],
  [
    'm a.jsonl --text-field=',
    /^error E_USAGE: option '--text-field <name>' argument '' is invalid\. expected a name\.\n$/,
  ],
  [
    'm a.jsonl --errors=',
    /^error E_USAGE: option '--errors <file>' argument '' is invalid\. expected a name\.\n$/,
  ],
  [
    'm a.jsonl --output=',
    /^error E_USAGE: option '-o, --output <path>' argument '' is invalid\. expected a name\.\n$/,
  ],
  ['m a.jsonl --columns a,b', 'error E_USAGE: --columns: one column is `word`, the text of the token\n'],
  [
    'm a.jsonl --columns word,',
    /^error E_USAGE: --columns\.1: a column has a name, or `_` where it is to be ignored\n$/,
  ],
  [
    'm a.jsonl --shard 0/3',
    /^error E_USAGE: --shard: there is no such shard\n {2}expected: 1\/3 … 3\/3.*\n {2}found: 0\/3\n/,
  ],
  [
    'm a.jsonl --shard half',
    /^error E_USAGE: --shard: this is no shard\n {2}expected: PART\/COUNT, such as 1\/4 … 4\/4/,
  ],
  [
    'm a.jsonl --shard auto',
    /^error E_USAGE: --shard: the environment does not say which shard this is\n.*\n {2}found: none of them\n/,
  ],
  [
    'pos a.jsonl --min-score 0.5',
    /^error E_USAGE: --min-score: the model gives labels of single tokens, .*\n {2}try: --scores\n$/,
  ],
  ['m - -', /^error E_USAGE: these are no inputs\n {2}expected: .*which can be read once\n {2}found: - -\n$/],
  [
    'm none.jsonl nor/',
    /^error E_FILE_MISSING: none\.jsonl: cannot read the file\n.*\nnor\/: cannot read the file\n/,
  ],
  [
    'm *.none',
    'error E_FILE_MISSING: *.none: no file has such a name\n  try: ** stands for any number of folders\n',
  ],
  [
    'm m --from csv',
    'error E_FILE_MISSING: m: there is no file to read in the folder\n  expected: names that end in .csv, or that and .gz\n',
  ],
  [
    'm a.jsonl --resume',
    'error E_USAGE: --resume: what was written to a stream cannot be resumed\n  try: -o FILE\n',
  ],
  [
    'm a.jsonl --to brat',
    'error E_USAGE: --output: this format takes several files a document, which need a folder\n  try: -o FOLDER\n',
  ],
  [
    'm a.jsonl -o x.csv.gz',
    'error E_USAGE: x.csv.gz: compressed files are read, but not written\n  try: without .gz, and gzip the file later\n',
  ],
  ['m a.jsonl -o m', /^error E_WRITE: m: the folder is not empty\n/],
  ['m a.jsonl -o no/x.csv', /^error E_WRITE: no\/x\.csv: cannot write\n {2}found: ENOENT/],
  ['m a.jsonl -o x.jsonl --errors no/x', /^error E_WRITE: no\/x: cannot write\n {2}found: ENOENT/],
  ['m a.jsonl -o x.jsonl --errors m', 'error E_WRITE: m: cannot write\n  found: a folder\n'],
  [
    'm a.jsonl -o x.jsonl --errors ./x.jsonl',
    /^error E_USAGE: x\.jsonl: the same file for documents and errors\n/,
  ],
  [
    'm b.jsonl a.jsonl -o ./a.jsonl',
    /^error E_USAGE: a\.jsonl: this is an input, and would be written to\n {2}try: another name after --output or --errors\n$/,
  ],
  [
    'm b.jsonl a.jsonl -o x.jsonl --errors b.jsonl --force',
    /^error E_USAGE: b\.jsonl: this is an input, and would be written to\n/,
  ],
];

describe('wrong usage', () => {
  it.each(cases)('annotate %s', (args, expected) => {
    const before = space.list();
    const { status, stdout, stderr } = space.run([
      'annotate',
      ...args.split(' ').filter((arg) => arg !== ''),
    ]);
    if (typeof expected === 'string') expect(stderr).toBe(expected);
    else expect(stderr).toMatch(expected);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(space.list()).toEqual(before);
  });
});

describe('input that is not what it is taken for', () => {
  const failed = (name: string, content: string, ...args: string[]) => {
    space.write(name, content);
    const { status, stderr } = space.run(['annotate', 'm', name, '--quiet', ...args]);
    expect(status).toBe(1);
    return stderr;
  };

  it('is told with what would read it', () => {
    expect(failed('l.txt', 'Rain\n', '--from', 'jsonl')).toMatch(
      /\n {2}try: --from lines, for lines of plain text\n$/,
    );
    expect(failed('array.jsonl', '[{"text":"Rain"}]\n')).toMatch(
      /\n {2}try: jq -c "\.\[\]" makes lines of an array\n$/,
    );
    expect(failed('b.csv', 'id,the body\n1,Rain\n')).toMatch(/\n {2}try: --text-field 'the body'\n$/);
    expect(failed('c.conll', 'Rain NOUN O\n')).toMatch(
      /: ragged row\n {2}expected: 1 columns \(word\).*\n.*\n {2}try: .* \(--columns word,_,ner\)\n$/,
    );
  });

  it('is listed twenty times at most, and counted', () => {
    const stderr = failed('many.jsonl', '{}\n'.repeat(30));
    expect(stderr.match(/^failed /gm)).toHaveLength(20);
    expect(stderr).toMatch(/\n… more failed documents are only counted; --errors FILE lists all\n$/);
  });
});

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  it.each([
    ['behind -o', ['-o', '/dev/full']],
    ['behind --errors', ['--errors', '/dev/full']],
    ['behind --errors beside a file', ['--errors', '/dev/full', '-o', 'x.jsonl']],
  ])('%s ends the run, and says what to do', (_, args) => {
    space.write('mixed.jsonl', '{"text":"Rain"}\n{}\n');
    const { status, stderr } = space.run(['annotate', 'm', 'mixed.jsonl', '--quiet', ...args]);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /error E_WRITE: \/dev\/full: cannot write\n {2}found: ENOSPC.*\n {2}try: make room on the disk; .*--resume goes on\n$/,
    );
    expect(space.list().filter((name) => /^x\.|full|progress/.test(name))).toEqual([]);
  });
});
