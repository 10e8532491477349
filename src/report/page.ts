/** The report as one page without script and without anything to load. The same comparison gives the same bytes. */
import type { Comparison } from './comparison.js';
import { exampleTables } from './examples.js';
import {
  breakdownTables,
  confusionTable,
  errorsTable,
  labelsTable,
  name,
  scrolling,
  systemsTable,
} from './html-tables.js';
import { html, Markup } from './markup.js';
import { aboutFigures, aboutTest } from './notes.js';
import { draw, type Picture } from './picture.js';
import { accuracyAgainstSpeed, labelBars, learningCurves, reliability } from './pictures.js';
import { type ShownSystem, shownSystems } from './shown.js';
import { css } from './style.js';
import { type Verdict, verdict } from './verdict.js';

export async function page(comparison: Comparison): Promise<string> {
  const shown = shownSystems(comparison);
  const { corpus, systems } = comparison;
  const title = `${corpus.title ?? corpus.name}: is it worth it?`;
  const draws = async (
    make: (comparison: Comparison, shown: readonly ShownSystem[]) => Picture | undefined,
    note: string,
  ) => {
    const picture = make(comparison, shown);
    return picture && pictureSection(picture, note);
  };
  const few =
    shown.length < systems.length
      ? html`<p class="note">Below are the first system and the ${shown.length - 1} best of the others.</p>`
      : undefined;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Markup(css)}</style>
</head>
<body>
<main>
<h1>${name(title)}</h1>
<p class="verdict">${phrased(verdict(comparison))}</p>
<p class="note">${name(aboutTest(comparison))}</p>
<section>
<h2>Systems</h2>
${systemsTable(comparison)}
<p class="note">${name(aboutFigures(comparison))}</p>
${few}
</section>
${await draws(accuracyAgainstSpeed, 'Up is better, right is faster; a vertical line is the interval.')}
${await draws(learningCurves, 'After each epoch of training.')}
${await draws(labelBars, 'In brackets: how many there are in the annotation. The table below has every label.')}
${labelsTable(shown)}
<section>
<h2>Where it is hard</h2>
${breakdownTables(comparison, shown)}
</section>
${await draws(reliability, 'On the dotted line scores can be trusted: of what has score 0.8, 80 % are right. Below it a system is too sure of itself.')}
<section>
<h2>What is taken for what</h2>
${shown.map((one, i) => folded(one, i, [confusionTable(comparison, one.system)]))}
</section>
<section>
<h2>Errors</h2>
${errorsTable(comparison, shown)}
${shown.map((one, i) => folded(one, i, exampleTables(comparison, one.system)))}
</section>
</main>
</body>
</html>
`.text;
}

const phrased = ({ phrases }: Verdict) =>
  phrases.map((phrase) => (typeof phrase === 'string' ? phrase : name(phrase.name)));

const pictureSection = async (picture: Picture, note: string): Promise<Markup> => html`<section>
<h2>${picture.title}</h2>
<p class="note">${note}</p>
${scrolling(picture.title, html`<figure>${await draw(picture)}</figure>`)}
</section>`;

/** Only what belongs to the first system is open. */
const folded = ({ system }: ShownSystem, index: number, content: readonly Markup[]): Markup | undefined =>
  content.length === 0
    ? undefined
    : html`<details${index === 0 ? new Markup(' open') : ''}><summary>${name(system.name)}</summary>
${content}
</details>
`;
