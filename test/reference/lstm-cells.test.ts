/** One step of an LSTM over rows by themselves, against its equations. */
import { it } from 'vitest';
import { combine, numbers, seeded, unset } from '../support/arrays.js';
import { eachBuild } from '../support/builds.js';
import { expectClose, roundings } from '../support/close.js';

/** h is every second part of wider rows. */
const stride = (units: number) => 2 * units + 3;
/** A few roundings of numbers below 4. */
const tolerance = roundings(16, 4);

/** Puts rows of `units` numbers into rows of `stride(units)`, from column `units` on. */
function widened(x: ArrayLike<number>, units: number): Float32Array {
  const rows = x.length / units;
  const out = new Float32Array(rows * stride(units)).fill(0.25);
  for (let i = 0; i < x.length; i++) out[Math.floor(i / units) * stride(units) + units + (i % units)] = x[i];
  return out;
}

eachBuild(({ kernels, check }) => {
  it('lstm_cells is a step of the equations from any cells before, or from none', () => {
    const some = combine({ n: [0, 1, 3], units: [1, 3, 4, 7, 8, 33], isFirst: [false, true] });
    check(some, ({ n, units, isFirst }, memory) => {
      const random = seeded(n, units);
      const z = numbers(4 * n * units, random, 2);
      const before = isFirst ? new Float32Array(n * units) : numbers(n * units, random, 2);
      const gates = memory.output(z);
      const h = memory.output(widened(unset(n * units), units));
      const [c, s] = [1, 2].map(() => memory.output(unset(n * units)));
      const from = isFirst ? 0 : memory.input(before);
      const to = h.address + units * 4;
      kernels.lstm_cells(n, units, gates.address, from, to, stride(units), c.address, s.address);
      const expected = z.map((sum, i) =>
        Math.floor(i / units) % 4 === 2 ? Math.tanh(sum) : 1 / (1 + Math.exp(-sum)),
      );
      const gate = (which: number, i: number) =>
        expected[(Math.floor(i / units) * 4 + which) * units + (i % units)];
      const cells = before.map((cell, i) => gate(1, i) * cell + gate(0, i) * gate(2, i));
      expectClose(gates.read(), expected, tolerance, 'gate');
      expectClose(c.read(), cells, tolerance, 'c');
      expectClose(s.read(), cells.map(Math.tanh), tolerance, 's');
      const outputs = cells.map((cell, i) => gate(3, i) * Math.tanh(cell));
      expectClose(h.read(), widened(outputs, units), tolerance, 'h');
    });
  });
});
