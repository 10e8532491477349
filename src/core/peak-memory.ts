/** How much memory this process took at most. */
import { readFileSync } from 'node:fs';

/** Resident bytes. */
export function peakBytes(): number {
  // On Linux getrusage begins with the peak of the process that forked this one (man 2 getrusage, ru_maxrss); only here is its own.
  const own =
    process.platform === 'linux' && /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return 1024 * (own ? Number(own[1]) : process.resourceUsage().maxRSS);
}
