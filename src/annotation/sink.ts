/**
 * Where annotated documents go: a stream, a file or a folder. Files and folders are made so that they are complete or
 * absent, and so that a run that was interrupted, even by SIGKILL, goes on where it was and ends with the same bytes.
 */
import type { Writable } from 'node:stream';

/** How far a run has come. */
export interface Progress {
  /** Where the input goes on: JSON that the sink keeps and does not look into. */
  readonly position: unknown;
  /** Documents, tokens, errors … from the beginning, for the report of the whole run. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Of UTF-8 bytes, or a text of which they will be made. */
export type Content = string | Uint8Array;

/** An annotated document as its format writes it. */
export interface WrittenDocument {
  readonly id: string;
  /** Its part of the file; or, of a format that takes several files a document, each of them by its ending. */
  readonly content: Content | ReadonlyMap<string, Content>;
}

/** How documents become one file: `head`, their contents with `between` in between, and `tail`. */
export interface FileLayout {
  /** Of a file, with its dot: `.jsonl`. */
  readonly ending: string;
  readonly head: string;
  readonly between: string;
  readonly tail: string;
}

/** What must be the same in the run that began and the one that goes on: values are JSON, keys are named in messages. */
export type SinkSettings = Readonly<Record<string, unknown>>;

export interface SinkOptions {
  /** Left out for a format that takes several files a document: that needs a folder. */
  readonly layout?: FileLayout;
  /** The file for errors, a line each. */
  readonly errors?: string;
  readonly settings: SinkSettings;
  /** Goes on where an interrupted run was; where there is none, begins. */
  readonly resume?: boolean;
  /** Alone: begins anew, whatever is there. With `resume`: goes on although settings have changed. */
  readonly force?: boolean;
  /** What stands for `-`. */
  readonly stdout: Writable;
}

/** Its methods are called one at a time: each waits until more can be taken. All throw E_WRITE where the system refuses. */
export interface Sink {
  /** How far the interrupted run had come, where this one goes on; absent where it begins. */
  readonly from?: Progress;
  /** Whether `resume` can go on from a checkpoint: not so with a stream. */
  readonly isResumable: boolean;
  /** Whether each document is a file of its own. */
  readonly isFolder: boolean;
  /**
   * Takes the next document. Throws E_DOCUMENT, with everything else as it was, where one of this id has its file in the
   * folder already.
   */
  write(document: WrittenDocument): Promise<void>;
  /** Takes a line for the file of errors; it has no line end. Without such a file nothing happens. */
  writeError(line: string): Promise<void>;
  /**
   * Puts on the disk what was taken so far. A resumed run goes on from here: `position` is that behind the last document or
   * error taken. Throws E_RESUME when another run has begun to write to the same place.
   */
  checkpoint(progress: Progress): Promise<void>;
  /** The last checkpoint; then everything gets its name. */
  finish(progress: Progress): Promise<void>;
  /** Ends without finishing: the last checkpoint stays for `resume`; without one, nothing stays. Never throws. */
  abandon(): Promise<void>;
}
