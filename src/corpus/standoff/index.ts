/** The tables of standoff formats. To add one: a file like `doccano.ts` and a line here. */
import { brat } from './brat.js';
import { doccano } from './doccano.js';
import type {
  JsonStandoffKind,
  PairStandoff,
  PairStandoffKind,
  RecordStandoff,
  StandoffOptions,
  StandoffSettings,
} from './format.js';
import { jsonFormat } from './json-format.js';
import { jsonl } from './jsonl.js';
import { labelStudio } from './label-studio.js';
import { pairFormat } from './pair-format.js';
import { prodigy } from './prodigy.js';
import { spacy } from './spacy.js';

export type {
  Ignored,
  PairStandoff,
  RecordStandoff,
  StandoffFile,
  StandoffOptions,
  StandoffSource,
} from './format.js';

/** Formats of JSON records, many a file. */
export const recordKinds = {
  jsonl,
  doccano,
  'label-studio': labelStudio,
  prodigy,
  spacy,
} satisfies Record<string, JsonStandoffKind>;

/** Formats of two files a document. */
export const pairKinds = { brat } satisfies Record<string, PairStandoffKind>;

export type RecordStandoffName = keyof typeof recordKinds;
export type PairStandoffName = keyof typeof pairKinds;
export type StandoffName = RecordStandoffName | PairStandoffName;

/** Opens a format of JSON records, to read and to write. */
export function openRecords(name: RecordStandoffName, options: StandoffOptions = {}): RecordStandoff {
  const kind: JsonStandoffKind = recordKinds[name];
  return jsonFormat(kind, settle(options, kind));
}

/** Opens a format of two files a document, to read and to write. */
export function openPairs(name: PairStandoffName, options: StandoffOptions = {}): PairStandoff {
  const kind: PairStandoffKind = pairKinds[name];
  return pairFormat(kind, settle(options, kind));
}

/**
 * Opens any format; one of two files a document has `beside`.
 *
 * @example
 * const { documents } = openStandoff('doccano').read({ name: 'a.jsonl', text });
 */
export function openStandoff(
  name: StandoffName,
  options: StandoffOptions = {},
): RecordStandoff | PairStandoff {
  return isPairName(name) ? openPairs(name, options) : openRecords(name, options);
}

function isPairName(name: StandoffName): name is PairStandoffName {
  return Object.hasOwn(pairKinds, name);
}

function settle(options: StandoffOptions, { unit }: Pick<StandoffSettings, 'unit'>): StandoffSettings {
  return {
    unit: options.unit ?? unit,
    label: options.label ?? 'label',
    scheme: options.scheme ?? 'bioes',
    predicted: options.predicted ?? false,
  };
}
