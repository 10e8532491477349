/** The scores of a model, of another system's predictions, or of both beside each other, as text and as JSON. */
import { type Calibration, formatScores, type Scores, type Significance } from '../evaluation/index.js';
import { formatCalibration } from './calibration.js';

/** At least one of `model` and `predictions`; `significance` where there are both. */
export interface EvaluationReport {
  readonly model?: Scores & { readonly calibration?: Calibration };
  readonly predictions?: Scores;
  /** Model − predictions. */
  readonly significance?: Significance;
}

/** The scores themselves where there is one system. */
export const jsonOf = (report: EvaluationReport): object =>
  report.significance ? report : (report.model ?? report.predictions ?? {});

/** `names`: the folder of the model and the file of the predictions. */
export function formatEvaluation(
  { model, predictions, significance }: EvaluationReport,
  names: Readonly<Record<'model' | 'predictions', string | undefined>>,
): string {
  const own = model && formatScores(model);
  const calibration = model?.calibration && `${formatCalibration(model.calibration)}\n`;
  const other = predictions && formatScores(predictions);
  const headed = (name: string | undefined, text: string | undefined) =>
    significance ? `${name}\n${text}` : text;
  const parts = [
    own && headed(names.model, own),
    calibration,
    other && headed(names.predictions, other),
    significance && formatSignificance(significance, predictions?.strict ? 'F1' : 'accuracy'),
  ];
  return parts.filter((part) => part !== undefined).join('\n');
}

function formatSignificance(
  { difference, p, isDifferent, resamples, seed, confidence }: Significance,
  what: string,
): string {
  const { value, low, high } = difference;
  const share = `${Number((100 * confidence).toFixed(2))} %`;
  return [
    `${what}, model − predictions: ${signed(value)}, ${share} interval ${signed(low)} to ${signed(high)}`,
    `p ${p.bootstrap.toFixed(4)} by paired bootstrap, ${p.randomisation.toFixed(4)} by approximate randomisation; ${resamples} resamples, seed ${seed}`,
    isDifferent ? 'different' : 'not different',
  ].join('\n');
}

/** With its sign, and a minus as wide as the plus. */
function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  const sign = Number(text) === 0 ? '' : value > 0 ? '+' : '−';
  return sign + text;
}
