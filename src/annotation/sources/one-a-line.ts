/** Formats of which every line is a record. */
import { contentOf, cutLines, isBlank } from './byte-lines.js';
import { type Cutter, tooLong } from './kind.js';

/** `skipBlank`: whether a line of white space alone is none. `limit`: of a record, in bytes. */
export function cutOneALine({ skipBlank, limit }: { skipBlank: boolean; limit: number }): Cutter {
  const grouping = {
    *add(line: Parameters<typeof isBlank>[0]) {
      const { offset, line: number, bytes } = line;
      if (!bytes) yield { offset, line: number, ...tooLong(limit) };
      else if (!(skipBlank && isBlank(line))) yield { offset, line: number, bytes: contentOf([line]) };
    },
    end: () => [],
    pending: () => undefined,
    isReady: () => true,
    reset() {},
  };
  return cutLines(grouping, limit);
}
