import { it } from 'vitest';
import { writeReport } from '../../src/report/index.js';
import { spanComparison, tokenComparison } from '../support/comparison.js';
it('x', async () => { await writeReport(spanComparison(), '/tmp/rep-span'); await writeReport(tokenComparison(), '/tmp/rep-tok'); });
