/** `trials.csv`: a row for every training of a search. Rows are only ever added; a kill in the midst of one loses that row. */
import { open } from 'node:fs/promises';
import { parseString, writeToString } from 'fast-csv';
import { type Place, TaggerError } from '../../core/errors.js';
import { cannotWriteFile, readIfThere, replaceFile } from '../aside.js';
import type { Setting } from './space.js';

export interface TrialRow {
  readonly trial: number;
  readonly rung: number;
  /** Trained so far; fewer than those of the rung where patience ended the training, 0 where it failed. */
  readonly epochs: number;
  /** On dev, in percent; -Infinity, an empty cell, where the training failed. */
  readonly score: number;
  readonly bestEpoch: number;
  readonly seconds: number;
  /** Of the trained weights. */
  readonly hash: string;
  readonly settings: readonly Setting[];
}

const columns = ['trial', 'rung', 'epochs', 'score', 'bestEpoch', 'seconds', 'hash'];

/** The rows of a file, none where there is no file; a last line without an end is one that was cut, and left out. */
export async function readTrials(file: string): Promise<TrialRow[]> {
  const text = (await readIfThere(file)) ?? '';
  const [header, ...lines] = await parseLines(text.slice(0, text.lastIndexOf('\n') + 1), file);
  if (!header) return [];
  if (!columns.every((name, i) => header[i] === name)) throw malformed({ file, line: 1 }, header);
  const keys = header.slice(columns.length);
  return lines.map((cells, i) => {
    const row = rowOf(cells, keys);
    if (cells.length !== header.length || !isWhole(row)) throw malformed({ file, line: i + 2 }, cells);
    return row;
  });
}

async function parseLines(text: string, file: string): Promise<string[][]> {
  const lines: string[][] = [];
  try {
    for await (const cells of parseString(text, { headers: false })) lines.push(cells as string[]);
  } catch (cause) {
    throw malformed({ file }, [(cause as Error).message]);
  }
  return lines;
}

function rowOf(cells: readonly string[], keys: readonly string[]): TrialRow {
  const [trial, rung, epochs, score, bestEpoch, seconds] = cells.map(Number);
  return {
    trial,
    rung,
    epochs,
    score: cells[3] === '' ? Number.NEGATIVE_INFINITY : score,
    bestEpoch,
    seconds,
    hash: cells[6],
    settings: keys.map((key, i) => ({ key, text: cells[columns.length + i] })),
  };
}

const isWhole = ({ trial, rung, epochs, score, bestEpoch, seconds }: TrialRow): boolean =>
  [trial, rung, epochs, bestEpoch].every(Number.isInteger) && !Number.isNaN(score + seconds);

/** Writes a file anew. Throws E_WRITE, with the older one as it was. */
export async function writeTrials(
  file: string,
  keys: readonly string[],
  rows: readonly TrialRow[],
): Promise<void> {
  await replaceFile(file, await format([[...columns, ...keys], ...rows.map(cellsOf)]));
}

/** Adds a row, which is on the disk when this is done. Throws E_WRITE. */
export async function appendTrial(file: string, row: TrialRow): Promise<void> {
  try {
    const handle = await open(file, 'a');
    try {
      await handle.writeFile(await format([cellsOf(row)]));
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw cannotWriteFile(file, error as Error);
  }
}

function cellsOf({ trial, rung, epochs, score, bestEpoch, seconds, hash, settings }: TrialRow): unknown[] {
  const shown = Number.isFinite(score) ? score : '';
  return [trial, rung, epochs, shown, bestEpoch, seconds, hash, ...settings.map(({ text }) => text)];
}

/** No cell has a line break in it (see `textOf` in space.ts), so every line is a row. */
function format(rows: readonly unknown[][]): Promise<string> {
  return writeToString(rows as string[][], { includeEndRowDelimiter: true });
}

function malformed(place: Place, cells: readonly string[]): TaggerError {
  return new TaggerError('E_USAGE', {
    message: 'not a row of trials',
    place,
    expected: `${columns.join(',')} and a column for each key`,
    found: cells.join(','),
    hint: 'take the line out; its trial is trained again',
  });
}
