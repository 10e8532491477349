/** The last stop of every error: one message on stderr and the exit code. */
import { TaggerError } from '../core/errors.js';

/** Prints an error and returns its exit code; the stack, which only a fault of ours needs, when asked for. */
export function reportError(thrown: unknown, verbose: boolean): number {
  const error = thrown instanceof TaggerError ? thrown : internal(thrown);
  console.error(`error ${error.code}: ${error.message}`);
  if (error.code !== 'E_INTERNAL') return error.exitCode;
  const { stack } = error.cause instanceof Error ? error.cause : error;
  console.error(verbose ? stack : '  try: the same command with --verbose, and report what it prints');
  return error.exitCode;
}

function internal(cause: unknown): TaggerError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new TaggerError('E_INTERNAL', { message }, { cause });
}
