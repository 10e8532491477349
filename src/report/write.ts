/** A report as files. */
import { constants } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TaggerError } from '../core/errors.js';
import type { Comparison } from './comparison.js';
import { csvTables } from './csv-tables.js';
import { markdown } from './markdown.js';
import { page } from './page.js';

/**
 * Writes report.html, report.md, report.json (the comparison itself), systems.csv, labels.csv and errors.csv into a folder, which is
 * made where it is not there; files of these names are replaced. Returns their paths. The same comparison gives the same bytes.
 * Throws E_USAGE for a comparison without systems, E_WRITE where a file cannot be written.
 *
 * @example
 * const [page] = await writeReport(comparison, 'models/rivers/report');
 */
export async function writeReport(comparison: Comparison, folder: string): Promise<string[]> {
  if (comparison.systems.length === 0) {
    throw new TaggerError('E_USAGE', { message: 'there is no system to report on' });
  }
  const files: Record<string, string> = {
    'report.html': await page(comparison),
    'report.md': markdown(comparison),
    'report.json': `${JSON.stringify(comparison, null, 2)}\n`,
    ...(await csvTables(comparison)),
  };
  const paths = Object.keys(files).map((name) => join(folder, name));
  await makeReportFolder(folder);
  for (const [name, content] of Object.entries(files)) {
    await writing(folder, writeFile(join(folder, name), content));
  }
  return paths;
}

/** For those who want to know before a long comparison whether its report can be written. Throws E_WRITE. */
export async function makeReportFolder(folder: string): Promise<void> {
  await writing(folder, mkdir(folder, { recursive: true }));
  await writing(folder, access(folder, constants.W_OK | constants.X_OK));
}

async function writing(folder: string, operation: Promise<unknown>): Promise<void> {
  await operation.catch((cause: Error) => {
    const message = `the report cannot be written: ${cause.message}`;
    throw new TaggerError('E_WRITE', { message, place: { file: folder } }, { cause });
  });
}
