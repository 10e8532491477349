/** Opens the sink for a target as the command line names it. */
import { stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { TaggerError } from '../../core/errors.js';
import type { Sink, SinkOptions } from '../sink.js';
import { openFile } from './file.js';
import { openFolder } from './folder.js';
import { directOutlet, isReplaceable, nowhere, streamOutlet } from './outlet.js';
import { streamSink } from './stream.js';
import { absentOn, writing } from './system.js';

/**
 * Without a target or with `-`, stdout; a folder where there is one, where the name ends in `/` and where the format takes
 * several files a document; a file otherwise. Throws
 * - E_RESUME where an interrupted run is there and neither `resume` nor `force` is given, where another run is at work on
 *   it, where settings differ, and where what is there is less than its manifest says;
 * - E_USAGE for a format of several files without a folder, for `resume` with a stream, for one file that is both, and for
 *   names of compressed files, which are not written;
 * - E_WRITE where the target cannot be written, or is a folder with other files and neither `resume` nor `force` is given.
 */
export async function openSink(target: string | undefined, options: SinkOptions): Promise<Sink> {
  const { layout, errors, stdout } = options;
  const path = target === '-' ? undefined : target;
  for (const file of [path, errors]) if (file?.toLowerCase().endsWith('.gz')) throw notCompressed(file);
  if (path !== undefined && errors !== undefined && resolve(path) === resolve(errors)) throw oneForBoth(path);
  if (path !== undefined && (!layout || (await isFolder(path)))) return openFolder(path, options);
  if (!layout) throw needsFolder();
  if (path !== undefined && (await isReplaceable(path))) return openFile(path, layout, options);
  if (options.resume) throw notResumable();
  const out = path === undefined ? streamOutlet(stdout) : await directOutlet(path);
  // As the documents do, errors go straight to their file.
  return streamSink(out, errors === undefined ? nowhere : await directOutlet(errors), layout);
}

async function isFolder(path: string): Promise<boolean> {
  if (path.endsWith('/') || path.endsWith(sep)) return true;
  return (await writing(path, stat(path).catch(absentOn('ENOENT'))))?.isDirectory() ?? false;
}

function oneForBoth(file: string): TaggerError {
  const message = 'the same file for documents and errors';
  return new TaggerError('E_USAGE', { message, place: { file }, hint: 'another name after --errors' });
}

function notCompressed(file: string): TaggerError {
  const message = 'compressed files are read, but not written';
  return new TaggerError('E_USAGE', {
    message,
    place: { file },
    hint: 'without .gz, and gzip the file later',
  });
}

function needsFolder(): TaggerError {
  const message = 'this format takes several files a document, which need a folder';
  return new TaggerError('E_USAGE', { message, place: { key: '--output' }, hint: '-o FOLDER' });
}

function notResumable(): TaggerError {
  const message = 'what was written to a stream cannot be resumed';
  return new TaggerError('E_USAGE', { message, place: { key: '--resume' }, hint: '-o FILE' });
}
