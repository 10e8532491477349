/** Opens the sink for a target as the command line names it. */
import type { Sink, SinkOptions } from '../sink.js';

/**
 * Without a target or with `-`, stdout; a folder where there is one, where the name ends in `/` and where the format takes
 * several files a document; a file otherwise. Throws
 * - E_RESUME where an interrupted run is there and neither `resume` nor `force` is given, where another run is at work on
 *   it, where settings differ, and where what is there is less than its manifest says;
 * - E_USAGE for a format of several files without a folder, and for `resume` with a stream;
 * - E_WRITE where the target cannot be written, or is a folder with other files and neither `resume` nor `force` is given.
 */
export type OpenSink = (target: string | undefined, options: SinkOptions) => Promise<Sink>;
