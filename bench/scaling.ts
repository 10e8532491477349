/** Training with one worker and with two, in this thread and through the pool, in turn. */
import { engine } from '../dist/core/engine.js';
import { type EncodedSentence, type TrainingTask, train } from '../dist/training/loop.js';
import { openPool, PoolCrew } from '../dist/training/pool-crew.js';
import { best, median } from './measure.js';
import { makeModel, ncrf } from './model.js';
import { megabytes, percent, ratio, type Table, verdict, whole } from './table.js';
import { type InventedSentence, tagSet } from './text.js';

/** A network and batch, with what two workers must reach. */
interface Setting {
  readonly batch: number;
  readonly units: number;
  readonly sentences: number;
  readonly required: number;
}

const settings: readonly Setting[] = [
  { batch: 10, units: 100, sentences: 3000, required: 1.8 },
  { batch: 32, units: 200, sentences: 1500, required: 1.85 },
];
/** The pool may cost one worker so much. */
const POOL_COST = 0.05;
/** Every crew trains so often, in turn, so many epochs; the first epoch of each warms up and does not count. */
const ROUNDS = 4;
const EPOCHS = 4;

interface CrewFigures {
  readonly name: string;
  readonly workers: number;
  readonly pool: boolean;
  /** Tokens a second of every epoch that counts. */
  readonly rates: number[];
  /** Of the time of all workers, that in which they waited for each other. */
  readonly waiting: number[];
  /** Bytes of each worker's arena. */
  arenas: readonly number[];
}

export async function scaling(
  corpus: readonly InventedSentence[],
): Promise<{ json: unknown; tables: Table[] }> {
  const all = [];
  for (const setting of settings) all.push({ setting, crews: await measure(setting, corpus) });
  const json = all.flatMap(({ setting: { batch, units }, crews }) =>
    crews.map(({ workers, pool, rates, waiting, arenas }) => ({
      batch,
      units,
      workers,
      pool,
      tokensPerSecond: best(rates),
      medianTokensPerSecond: median(rates),
      waiting: median(waiting),
      arenaBytes: arenas,
    })),
  );
  return { json, tables: all.map(({ setting, crews }) => tableOf(setting, crews)) };
}

async function measure(setting: Setting, corpus: readonly InventedSentence[]): Promise<CrewFigures[]> {
  const crew = (name: string, workers: number, pool: boolean): CrewFigures => ({
    name,
    workers,
    pool,
    rates: [],
    waiting: [],
    arenas: [],
  });
  const crews = [crew('no pool', 1, false), crew('1 worker', 1, true), crew('2 workers', 2, true)];
  const sentences = corpus.slice(0, setting.sentences);
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of crews) await trainOnce(setting, sentences, each);
  }
  return crews;
}

async function trainOnce(
  setting: Setting,
  corpus: readonly InventedSentence[],
  crew: CrewFigures,
): Promise<void> {
  const { network } = await makeModel(
    corpus.flatMap(({ tokens }) => tokens),
    engine(),
    { units: setting.units },
  );
  const { batch } = setting;
  const { workers } = crew;
  const members: TrainingTask<undefined>['crew'] = crew.pool
    ? { members: workers, assemble: (workplace) => new PoolCrew(workplace, openPool(workers)) }
    : undefined;
  const options = { ...ncrf().training, batch, epochs: EPOCHS, patience: EPOCHS };
  const sentences = encode(corpus, network);
  const score = () => ({ value: 0, scores: undefined });
  const run = train({ network, sentences, dev: [], options, seed: 1, score, crew: members });
  let seconds = 0;
  let next = await run.next();
  for (; !next.done; next = await run.next()) {
    if (next.value.kind !== 'epoch') continue;
    seconds += next.value.seconds;
    if (next.value.epoch > 1) crew.rates.push(next.value.tokensPerSecond);
  }
  const { waited, memory } = next.value;
  crew.waiting.push(waited.reduce((sum, ms) => sum + ms, 0) / 1000 / seconds / workers);
  crew.arenas = memory.arenas;
  network.release();
}

/** Sentences as the network takes them. */
export function encode(
  corpus: readonly InventedSentence[],
  { forms }: { forms: { encode(words: readonly string[]): Int32Array } },
): EncodedSentence[] {
  const tagIds = new Map(tagSet.map((tag, i) => [tag, i]));
  return corpus.map(({ tokens, tags }) => ({
    forms: forms.encode(tokens),
    tags: Int32Array.from(tags, (tag) => tagIds.get(tag) ?? 0),
  }));
}

function tableOf({ batch, units, required }: Setting, crews: readonly CrewFigures[]): Table {
  const [local, one, two] = crews;
  const against = (a: CrewFigures, b: CrewFigures, of: (rates: number[]) => number) =>
    of(a.rates) / of(b.rates);
  const cost = 1 - against(one, local, best);
  const speedUp = against(two, one, best);
  return {
    title: `workers: batches of ${batch}, ${units} units a direction, ${ncrf().training.shards} shards`,
    head: ['', 'best', 'median', 'waiting', 'arenas', 'required', 'met'],
    rows: [
      ...crews.map(({ name, rates, waiting, arenas }) => [
        `${name}, tokens/s`,
        whole(best(rates)),
        whole(median(rates)),
        percent(median(waiting)),
        arenas.map(megabytes).join(' + '),
        '',
        '',
      ]),
      [
        'cost of the pool',
        percent(cost),
        percent(1 - against(one, local, median)),
        '',
        '',
        `≤ ${percent(POOL_COST)}`,
        verdict(cost <= POOL_COST),
      ],
      [
        '2 workers / 1 worker',
        ratio(speedUp),
        ratio(against(two, one, median)),
        '',
        '',
        `≥ ${ratio(required)}`,
        verdict(speedUp >= required),
      ],
    ],
    notes: [
      `${ROUNDS} trainings of each, in turn, ${EPOCHS - 1} epochs of each count`,
      'waiting: share of the workers’ time in which they wait for each other',
    ],
  };
}
