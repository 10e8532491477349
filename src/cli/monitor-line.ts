/** The state of a network after an epoch, in one line: whether a layer runs away, stands still, or has gates that learn no more. */
import type { Monitors } from '../training/monitors.js';

export function monitorLine({ gradients, updates, states, saturation }: Monitors): string {
  const [layer, gradient] = Object.entries(gradients).reduce((most, each) =>
    each[1] > most[1] ? each : most,
  );
  const moved = Object.values(updates);
  const shares = Object.values(saturation).flatMap((gates) => Object.values(gates));
  const parts = [
    `largest gradient ${layer} ${gradient.toPrecision(3)}`,
    `updates ${Math.min(...moved).toPrecision(2)} to ${Math.max(...moved).toPrecision(2)}`,
    `vectors ${states.encoder.mean.toPrecision(3)}`,
  ];
  if (shares.length > 0) {
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    parts.push(`gates saturated ${Math.round(100 * mean)} %`);
  }
  return `  ${parts.join('  ')}`;
}
