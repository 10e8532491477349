/** Every kind of bad input: exit code 2, one message with place, expectation and finding, and nothing left behind. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { SCHEMA_VERSION } from '../../src/tagger/model-config.js';
import { type Files, tinyFiles, workspace } from '../support/workspace.js';

const files = tinyFiles();
const yaml = files['tiny.yaml'];

describe('train with', () => {
  const cases: [name: string, changed: Files, message: string][] = [
    [
      'a ragged row',
      { 'train.txt': `Rain NOUN O\nfell O\n\n${files['train.txt']}` },
      'error E_CORPUS_FORMAT: train.txt:2:7: ragged row\n  expected: 3 columns',
    ],
    [
      'an unknown column to learn',
      { 'tiny.yaml': yaml.replace('name: bakers', 'label: nre') },
      'error E_CONFIG: corpus.label: corpus corpus has no column "nre" to learn\n  expected: pos or ner\n  found: nre\n  try: ner\n',
    ],
    [
      'a tag that is no tag',
      { 'dev.txt': files['dev.txt'].replace('B-PER', 'PER') },
      'error E_CORPUS_FORMAT: dev.txt:1:13: "PER" is no tag\n  expected: O or a label after B-, I-\n  found: "PER"\n',
    ],
    [
      'mixed schemes',
      { 'train.txt': `Rain NOUN S-LOC\nfell VERB I-PER\n\n${files['train.txt']}` },
      'error E_CORPUS_FORMAT: train.txt:',
    ],
    [
      'an empty file',
      { 'test.txt': '' },
      'error E_CORPUS_FORMAT: test.txt:1:1: the file has no sentence\n  expected: at least one sentence\n  found: an empty file\n',
    ],
    [
      'an empty split',
      { 'dev.txt': '\n-DOCSTART- O O\n\n' },
      'error E_CORPUS_FORMAT: dev.txt:1:1: the file has no sentence\n  expected: at least one sentence\n  found: no token in it\n',
    ],
    [
      'a split whose pattern fits no fold',
      { 'tiny.yaml': yaml.replace(/files: \{[^}]*\}/, 'split: { files: "*.txt", folds: 9, dev: 9 }') },
      'error E_CORPUS_FORMAT: split dev of corpus bakers is empty\n',
    ],
    [
      'a file that is not UTF-8',
      { 'train.txt': Buffer.from(`Rain NOUN O\nZo\u00eb PROPN B-PER\n`, 'latin1') },
      'error E_CORPUS_FORMAT: train.txt:2:3: the file is not UTF-8\n  expected: text in UTF-8\n  found: byte 0xEB at offset 14\n',
    ],
    [
      'a file of the corpus that is missing',
      { 'tiny.yaml': yaml.replace('dev.txt', 'deev.txt') },
      'error E_CORPUS_MISSING: ',
    ],
    [
      'a typo in the pipeline',
      { 'tiny.yaml': yaml.replace('batch:', 'bacth:') },
      'error E_CONFIG: tiny.yaml:5:24 training.bacth: unknown key\n',
    ],
    [
      'a value out of range',
      { 'tiny.yaml': yaml.replace('units: 6', 'units: 0') },
      'error E_CONFIG: tiny.yaml:4:19 encoder.units: out of range\n  expected: a whole number from 1 to',
    ],
    [
      'vectors of the wrong width',
      {
        'tiny.yaml': yaml.replace('{ kind: word, dim: 8 }', '{ kind: word, vectors: small.vec, dim: 8 }'),
        'small.vec': 'rain 1 2 3\nfell 4 5 6\n',
      },
      'error E_VECTORS: ',
    ],
    [
      'a row of the vectors of another width',
      {
        'tiny.yaml': yaml.replace('{ kind: word, dim: 8 }', '{ kind: word, vectors: small.vec }'),
        'small.vec': 'rain 1 2 3\nfell 4 5\nall 1 2 3\n',
      },
      'error E_VECTORS: ',
    ],
    [
      'vectors that are missing',
      { 'tiny.yaml': yaml.replace('{ kind: word, dim: 8 }', '{ kind: word, vectors: none.vec }') },
      'error E_VECTORS: ',
    ],
  ];

  it.each(cases)('%s', (_, changed, message) => {
    const space = workspace({ ...files, ...changed });
    const before = space.list();
    const { status, stdout, stderr } = space.run(['train', 'tiny.yaml', '--quiet']);
    expect(stderr.replaceAll(`${space.folder}/`, '')).toContain(message);
    expect(stderr.match(/^error /gm)).toHaveLength(1);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(space.list()).toEqual(before);
  });

  it('many bad rows lists the first twenty and says how many there are', () => {
    const space = workspace({ ...files, 'train.txt': 'Rain\n'.repeat(13), 'dev.txt': 'fell O\n'.repeat(12) });
    const { status, stderr } = space.run(['train', 'tiny.yaml', '--quiet']);
    expect(status).toBe(2);
    expect(stderr.match(/: ragged row$/gm)).toHaveLength(20);
    expect(stderr).toMatch(/train\.txt:13:5: ragged row/);
    expect(stderr).toMatch(/dev\.txt:7:7: ragged row/);
    expect(stderr).toMatch(/… and 5 more\n$/);
  });
});

/** The text of a config that vouches for itself, as tagger writes it. */
function sealed({ sha256: _, ...config }: Record<string, unknown>): string {
  const sha256 = createHash('sha256').update(JSON.stringify(config)).digest('hex');
  return JSON.stringify({ ...config, sha256 });
}

describe('a model directory', () => {
  const space = workspace();
  expect(space.run(['train', 'tiny', '--quiet', '-o', 'm', '--epochs', '1']).status).toBe(0);
  const names = [
    'config.json',
    'model.safetensors',
    'vocabulary.json',
    'metrics.json',
    'history.jsonl',
    'monitor.json',
    'README.md',
  ];
  const originals = new Map(names.map((name) => [name, readFileSync(space.path(`m/${name}`))]));
  let damaged: ReturnType<typeof workspace>;
  beforeEach(() => {
    damaged = workspace(Object.fromEntries([...originals].map(([name, bytes]) => [`m/${name}`, bytes])));
    damaged.write('test.txt', files['test.txt']);
  });

  function expectRefusal(message: RegExp) {
    const { status, stdout, stderr } = damaged.run(['annotate', 'm', 'test.txt']);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  }

  it('that has no config is none', () => {
    damaged.write('m2/x', '');
    const { status, stderr } = damaged.run(['annotate', 'm2', 'test.txt']);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^error E_MODEL: m2\/config\.json: this file of the model is missing\n {2}expected: .*\n {2}try: /,
    );
  });

  it('without its weights is refused', () => {
    const config = JSON.parse(originals.get('config.json')!.toString());
    delete config.files['model.safetensors'];
    damaged.write('m/config.json', sealed(config));
    expectRefusal(/^error E_MODEL: m\/config\.json: the config names no model\.safetensors\n/);
  });

  it.each(['model.safetensors', 'vocabulary.json', 'config.json'])('with %s cut is refused', (name) => {
    const bytes = originals.get(name)!;
    damaged.write(`m/${name}`, bytes.subarray(0, bytes.length - 3));
    expectRefusal(new RegExp(`^error E_MODEL: m/${name}: this file of the model is (cut|not JSON)\n`));
  });

  it('with a bit of the weights altered is refused', () => {
    const bytes = Buffer.from(originals.get('model.safetensors')!);
    bytes[bytes.length - 9] ^= 1;
    damaged.write('m/model.safetensors', bytes);
    expectRefusal(
      /^error E_MODEL: m\/model\.safetensors: this file of the model was altered\n {2}expected: \d+ bytes, sha256 [0-9a-f]{64}\n {2}found: \d+ bytes, sha256 [0-9a-f]{64}\n/,
    );
  });

  it('with other tags in its config is refused', () => {
    const text = originals.get('config.json')!.toString().replace('B-PER', 'B-LOC');
    damaged.write('m/config.json', text);
    expectRefusal(
      /^error E_MODEL: m\/config\.json: this file of the model was altered\n {2}expected: sha256 [0-9a-f]{64}\n/,
    );
  });

  it.each([
    [
      'a newer schema version',
      { schema: SCHEMA_VERSION + 1 },
      new RegExp(
        `schema: the model was written by a newer version of tagger\\n {2}expected: .* ${SCHEMA_VERSION} .*\\n {2}found: ${SCHEMA_VERSION + 1}\\n`,
      ),
    ],
    [
      'fewer tags',
      { tags: ['O'] },
      /m\/model\.safetensors: tensor decoder.* does not fit the model's config\n/,
    ],
    ['a key that is unknown', { tag: [] }, /m\/config\.json/],
    ['a stage that is wrong', { pipeline: { decoder: { kind: 'none' } } }, /m\/config\.json pipeline/],
  ])('whose config was written with %s is refused', (_, change, message) => {
    const config = JSON.parse(originals.get('config.json')!.toString());
    damaged.write('m/config.json', sealed({ ...config, ...change }));
    expectRefusal(
      new RegExp(`^error E_MODEL: ${message.source}|^error E_MODEL: m/config\\.json ${message.source}`),
    );
  });

  it.each(names.slice(1))('without %s is refused', (name) => {
    const kept = [...originals]
      .filter(([other]) => other !== name)
      .map(([other, bytes]) => [`m/${other}`, bytes]);
    damaged = workspace({ ...Object.fromEntries(kept), 'test.txt': files['test.txt'] });
    const { status, stderr } = damaged.run(['annotate', 'm', 'test.txt']);
    expect(status).toBe(2);
    expect(stderr).toContain(`error E_MODEL: m/${name}: this file of the model is missing\n`);
  });
});

describe('evaluate with', () => {
  const space = workspace();
  expect(space.run(['train', 'tiny', '--quiet', '-o', 'm', '--epochs', '1']).status).toBe(0);

  it.each([
    ['a ragged row', 'Rain NOUN O\nfell O\n', [], /^error E_CORPUS_FORMAT: f\.txt:2:7: ragged row\n/],
    [
      'a tag that is no tag',
      'Rain NOUN o\n',
      [],
      /^error E_CORPUS_FORMAT: f\.txt: column ner holds no tags of spans\n/,
    ],
    ['an empty file', '', [], /^error E_CORPUS_FORMAT: f\.txt:1:1: the file has no sentence\n/],
    [
      'another column',
      'Rain NOUN O\n',
      ['--label', 'nerr'],
      /^error E_CONFIG: .*f\.txt has no column "nerr"[\s\S]*try: ner\n/,
    ],
    [
      'columns without words',
      'Rain NOUN O\n',
      ['--columns', 'w,ner'],
      /^error E_USAGE: --columns: one column is `word`/,
    ],
    [
      'an unknown scheme',
      'Rain NOUN O\n',
      ['--scheme', 'boi'],
      /^error E_USAGE: --scheme: unknown value\n[\s\S]*try: bio\n/,
    ],
    ['an unknown format', 'Rain NOUN O\n', ['--format', 'conl'], /^error E_USAGE: .*'conl' is invalid/],
  ])('%s', (_, text, args, message) => {
    space.write('f.txt', text);
    const { status, stdout, stderr } = space.run(['evaluate', 'm', 'f.txt', ...args]);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('a file that is missing', () => {
    const { status, stderr } = space.run(['evaluate', 'm', 'none.txt']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error E_FILE_MISSING: none\.txt: cannot read the file\n {2}found: ENOENT/);
  });
});
