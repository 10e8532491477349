/** Names beside a picture, each as near to what it names as the others allow. */

/** Of a linear axis, from the bottom to the top of the picture. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  /** Pixels. */
  readonly height: number;
}

/** For each height in units of the axis the height of its label: at least `gap` pixels from the next, and within the axis while there is room. */
export function sideLabels(values: readonly number[], { from, to, height }: Axis, gap = 15): number[] {
  const scale = height / (to - from);
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b] || b - a);
  const placed: number[] = [];
  let floor = 0;
  for (const i of order) {
    placed[i] = Math.max(floor, (values[i] - from) * scale);
    floor = placed[i] + gap;
  }
  let ceiling = height;
  for (const i of order.reverse()) {
    placed[i] = Math.min(ceiling, placed[i]);
    ceiling = placed[i] - gap;
  }
  return placed.map((at) => from + at / scale);
}
