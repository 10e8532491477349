/** Files as sinks handle them: what the system refuses becomes an error that names the file and says what to do. */
import { TaggerError } from '../../core/errors.js';
import type { Content } from '../sink.js';

/** Waits for an operation on a file. Throws E_WRITE when it fails. */
export async function writing<T>(file: string, operation: Promise<T>): Promise<T> {
  return operation.catch((error: Error) => {
    throw error instanceof TaggerError ? error : cannotWrite(file, error);
  });
}

/** Of sinks of files the last checkpoint stays. */
const goOn = '; where the output is a file or a folder, the same command with --resume goes on';
const hints: Readonly<Record<string, string>> = {
  ENOSPC: `make room on the disk${goOn}`,
  EDQUOT: `make room in the quota${goOn}`,
  EIO: `look after the disk${goOn}`,
};

export function cannotWrite(file: string, error: NodeJS.ErrnoException): TaggerError {
  const hint = hints[error.code ?? ''];
  const problem = { message: 'cannot write', place: { file }, found: error.message, ...(hint && { hint }) };
  return new TaggerError('E_WRITE', problem, { cause: error });
}

/** Makes an operation give undefined where it fails with one of the codes: what it asked for is not there. */
export function absentOn(...codes: readonly string[]): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (!codes.includes(error.code ?? '')) throw error;
  };
}

export const bytesOf = (content: Content): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content) : content;
