/** The file of errors beside an output: cut, synced and named together with it. */
import type { SinkOptions } from '../sink.js';
import type { RunState } from './manifest.js';
import { followed, nowhere, type Outlet, openOutlet } from './outlet.js';

type Named = Pick<SinkOptions, 'errors'>;

/** Goes on in the file where the previous run wrote to the same one. */
export async function openErrors({ errors: file }: Named, previous: RunState | undefined): Promise<Outlet> {
  if (file === undefined) return nowhere;
  const bytes = previous?.errors?.file === file ? previous.errors.bytes : 0;
  return openOutlet(await followed(file), bytes, previous?.isFinishing ?? false);
}

export const errorsOf = ({ errors: file }: Named, { bytes }: Outlet): RunState['errors'] =>
  file === undefined ? undefined : { file, bytes };
