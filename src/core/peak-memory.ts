/** How much memory this process took at most. */
import { existsSync, readFileSync } from 'node:fs';

/** On Linux getrusage begins with the peak of the process that forked this one (man 2 getrusage, ru_maxrss); only here is its own. */
const STATUS = '/proc/self/status';

/** Resident bytes. */
export function peakBytes(): number {
  const own = existsSync(STATUS) && /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(STATUS, 'utf8'));
  return 1024 * (own ? Number(own[1]) : process.resourceUsage().maxRSS);
}
