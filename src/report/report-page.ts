/**
 * The report: one HTML file with everything in it, that loads nothing and sends nothing.
 * Not here: what is found out (findings.ts) and what figures show (figures).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Interval } from '../evidence/statistics.ts';
import { type Figures, figuresOf } from '../figures/all-figures.ts';
import { type Drawing, drawFigure, usualWidth } from '../figures/chart.ts';
import type { Figure } from '../figures/figure.ts';
import { type MisreadPictures, misreadText } from '../figures/misread-pictures.ts';
import { darkTheme, lightTheme, themeVariables } from '../figures/theme.ts';
import { busyText, noTimeLine, timeLineOf } from '../figures/time-line.ts';
import { areReplicated, replicatesText, spreadOf } from '../findings/combinations.ts';
import type { NetworkFindings } from '../findings/findings.ts';
import { epochOf, metricFacts, metricsFrom, type NetworkMetric } from '../metric.ts';
import type { DoneTrial, Report } from '../trial.ts';
import { replicatesExplained, termsExplained } from '../words/likeness.ts';
import { deciding } from '../words/measures.ts';
import { printableJson } from '../words/text.ts';
import { countText, intervalText, percent, quantityText, secondsText, settingsText } from '../words/units.ts';
import { combinationsTable } from './combinations-table.ts';
import { type Html, html, none, trusted } from './html.ts';
import { leaderboardTable } from './leaderboard-table.ts';

/** CSS pixels of a figure on a wide page and on a telephone; in between, the wide one shrinks. */
const widths = { large: usualWidth, small: 332 };

/** The whole file. `step` is told before each figure is drawn. */
export async function reportPage(
  findings: NetworkFindings,
  step: (what: string) => void = () => {},
  figures: Figures = figuresOf(findings),
): Promise<string> {
  const tips: TipList[] = [];
  const draw = async (figure: Figure | undefined): Promise<Html> => {
    if (figure === undefined) return none;
    step(`drawing ${figure.name}`);
    return figureCard(figure, tips);
  };
  // The curves of what decides first.
  const inOrder = metricsFrom(findings.experiment.metric).map(({ quantity }) => quantity);
  const ofSearch = { accuracy: figures.accuracy, loss: figures.loss };
  const ofFinal = { accuracy: figures.finalAccuracy, loss: figures.finalLoss };
  const drawAll = async (curves: typeof ofSearch): Promise<Html[]> => {
    const cards: Html[] = [];
    for (const quantity of inOrder) cards.push(await draw(curves[quantity]));
    return cards;
  };
  const search = await drawAll(ofSearch);
  const grid = [await draw(figures.heatMap), await draw(figures.effects), await draw(figures.parallel)];
  const final = [
    ...(await drawAll(ofFinal)),
    await draw(figures.confusion),
    misreadCard(figures.misread),
    reasonCard(findings),
  ];
  const published = await draw(figures.published);
  const timeLine = await draw(figures.timeLine);
  const sections = [
    section('leaderboard', 'Leaderboard', [leaderboardCard(findings)]),
    section('search', 'The search', search),
    section('parameters', 'Parameters', grid),
    section('final', 'The final model', [published, ...final]),
    section('time', 'Time', [timeLine, noTimeLineCard(findings)]),
    section('facts', 'How it was made', [factsCard(findings)]),
  ].filter((found) => found !== undefined);
  return document(findings, sections, tips);
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** A heading over some cards; undefined where none of them has anything to say. */
function section(id: string, title: string, cards: readonly Html[]): Section | undefined {
  if (cards.every(({ html }) => html === '')) return undefined;
  return {
    id,
    title,
    body: html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${cards}
</section>`,
  };
}

function document(findings: NetworkFindings, sections: readonly Section[], tips: readonly TipList[]): string {
  const style = [
    `:root { ${themeVariables(lightTheme)} --page: #f5f6f8; }`,
    `@media (prefers-color-scheme: dark) { :root:not([data-theme='light']) { ${themeVariables(darkTheme)} --page: #0e1014; } :root:not([data-theme='light']) .pictures img { filter: invert(1); } }`,
    `:root[data-theme='dark'] { ${themeVariables(darkTheme)} --page: #0e1014; color-scheme: dark; }`,
    `:root[data-theme='light'] { color-scheme: light; }`,
    `:root[data-theme='dark'] .pictures img { filter: invert(1); }`,
    readFileSync(new URL('./report.css', import.meta.url), 'utf8'),
  ].join('\n');
  const script = readFileSync(new URL('./report.js', import.meta.url), 'utf8');
  // Only this style and this script; no other, no form, no base, nothing from outside.
  const policy = `default-src 'none'; img-src data:; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  const { experiment } = findings;
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="coresweep">
<title>${experiment.name}: coresweep report</title>
<style>${trusted(style)}</style>
</head>
<body>
<header class="top"><div class="column">
<p class="eyebrow">coresweep report</p>
<h1>${experiment.name}</h1>
<p class="lead">${leadText(findings)}</p>
<button type="button" hidden>Dark colours</button>
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</div></header>
<main class="column">
<ul class="tiles">${tiles(findings)}</ul>
${sections.map(({ body }) => body)}
</main>
<footer><div class="column">Run ${experiment.id} of its database, begun ${experiment.createdAt.replace('T', ' ').replace(/\.\d+Z$/, '')} UTC. This file is complete: it loads nothing and sends nothing.</div></footer>
<script type="application/json" id="tips">${trusted(jsonInHtml(tips))}</script>
<script>${trusted(script)}</script>
</body>
</html>`.html
  }\n`;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** JSON that holds no tag, whatever it says. */
const jsonInHtml = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

function leadText({ experiment, standings, done, definition }: NetworkFindings): string {
  const network = definition && networkText(definition.model.hidden);
  const epochs = definition && `${definition.training.epochs} epochs each`;
  const trials =
    done.length === standings.length
      ? `${countText(done.length)} trial${done.length === 1 ? '' : 's'}`
      : `${countText(done.length)} of ${countText(standings.length)} trials done`;
  const state = { done: undefined, running: 'not finished yet', stopped: 'stopped before its end' }[
    experiment.state
  ];
  return [trials, epochs, network, `seed ${experiment.seed}`, state].filter(Boolean).join(' · ');
}

function networkText(hidden: readonly number[]): string {
  if (hidden.length === 0) return 'no hidden layer';
  return hidden.length === 1 ? `${hidden[0]} hidden units` : `hidden layers of ${hidden.join(', ')} units`;
}

// --- tiles ------------------------------------------------------------------------------------------------

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly more: string;
}

function tiles(findings: NetworkFindings): Html[] {
  const { standings, final, finalInterval, experiment, definition } = findings;
  const winner = standings[0];
  const found: Tile[] = [];
  if (winner?.trial.state === 'done') {
    found.push(bestTile(findings, winner.trial, winner.interval), {
      name: 'Winner',
      value: `Trial ${winner.trial.number}`,
      more: settingsText(winner.trial),
    });
  } else {
    found.push({ name: 'Winner', value: 'None yet', more: 'no trial has finished' });
  }
  if (final?.state === 'done') {
    const { published } = definition ?? {};
    const beside =
      published?.testAccuracy === undefined ? '' : `; published ${percent(published.testAccuracy)}`;
    const sure = finalInterval ? `95 %: ${intervalText(finalInterval)}${beside}` : `test rows${beside}`;
    found.push(measuredTile('Test', experiment.metric, final.last, sure));
  }
  const line = timeLineOf(findings);
  const { threads } = line;
  const used = threads === 0 ? '' : `${threads} thread${threads === 1 ? '' : 's'}, busy ${busyText(line)}`;
  const seconds = experiment.seconds === null ? 'Running' : secondsText(experiment.seconds);
  found.push({ name: 'Time', value: seconds, more: used });
  return found.map(
    ({ name, value, more }) =>
      html`<li><span class="name">${name}</span> <span class="value">${value}</span> <span class="more">${more}</span></li>`,
  );
}

/** The metric that decided; beside a loss stands the accuracy, which is what `sure` is about. */
function measuredTile(rows: string, metric: NetworkMetric, report: Report, sure: string): Tile {
  const epoch = epochOf(metric, report);
  const { quantity, key } = metricFacts[metric];
  const accuracy = quantity === 'accuracy' ? '' : `accuracy ${percent(epoch.evaluationAccuracy)}, `;
  return {
    name: `${rows} ${quantity}`,
    value: quantityText[quantity](epoch[key]),
    more: `${accuracy}${sure}`,
  };
}

/** The winner's result: the mean of its replicates where there are several. */
function bestTile({ tried, combinations }: NetworkFindings, { best }: DoneTrial, interval?: Interval): Tile {
  const { metric } = tried;
  const { quantity, title } = metricFacts[metric];
  const [combination] = combinations;
  const spread = combination && spreadOf(deciding(tried), combination);
  if (combination !== undefined && spread && areReplicated(combinations)) {
    const text = quantityText[quantity];
    const deviation = spread.deviation === null ? '' : `, standard deviation ${text(spread.deviation)}`;
    const more = `${replicatesText(combination)} replicates${deviation}`;
    return { name: `Best mean ${title}`, value: text(spread.mean), more };
  }
  const sure = interval === undefined ? `at epoch ${best.step}` : `95 %: ${intervalText(interval)}`;
  return measuredTile('Best validation', metric, best, sure);
}

// --- cards ------------------------------------------------------------------------------------------------

interface TipList {
  readonly drawing: string;
  readonly points: Drawing['points'];
  readonly texts: readonly string[];
}

/** The figure, drawn for each size of screen: labels keep their size, and only one drawing is shown. */
async function figureCard(figure: Figure, tips: TipList[]): Promise<Html> {
  const texts = figure.tips.map(({ text }) => text);
  const draw = async (size: keyof typeof widths): Promise<Html> => {
    const id = `${figure.name}-${size}`;
    const { svg, points } = await drawFigure(figure, widths[size]);
    if (texts.length > 0) tips.push({ drawing: id, points, texts });
    return html`<div class="drawing ${size}" id="${id}">${trusted(svg)}</div>`;
  };
  const drawings = [await draw('large'), await draw('small')];
  return html`<figure class="card" id="${figure.name}"><figcaption><h3>${figure.title}</h3><p class="words">${figure.subtitle}</p></figcaption>
${drawings}${figureTable(figure)}</figure>`;
}

/** The figure's numbers, for those who would rather read them or cannot see it. */
function figureTable({ table, title }: Figure): Html {
  if (table === undefined) return none;
  const head = table.head.map((name) => html`<th scope="col">${name}</th>`);
  const rows = table.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`);
  return html`<details><summary>As a table</summary><div class="scrolls" tabindex="0" role="region" aria-label="${title}, as a table"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

function leaderboardCard({ standings, combinations, tried }: NetworkFindings): Html {
  if (standings.length === 0) return none;
  const { metric } = tried;
  const { title } = metricFacts[metric];
  const table = leaderboardTable(standings, metric);
  const terms = html`<details><summary>What these columns mean</summary><dl class="terms">${termsExplained.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl></details>`;
  if (!areReplicated(combinations)) {
    return html`<div class="card"><p class="words">The best epoch of each trial by ${title}, best trial first. ≈ marks trials that cannot be told from the winner.</p>
${table}
${terms}</div>`;
  }
  return html`<div class="card"><p class="words">The combinations by ${title}, best first. ${replicatesExplained}</p>
${combinationsTable(tried, combinations)}
<details><summary>Each replicate</summary>${table}</details>
${terms}</div>`;
}

function misreadCard(misread: MisreadPictures | undefined): Html {
  if (misread === undefined) return none;
  const pictures = misread.shown.map((one) => {
    const text = misreadText(one);
    return html`<li><img src="${one.picture}" alt="${text}" title="${text}" width="56" height="56">${one.label} → <b>${one.prediction}</b><small>${(100 * one.confidence).toFixed(0)} %</small></li>`;
  });
  return html`<figure class="card" id="misread-pictures"><figcaption><h3>${misread.title}</h3><p class="words">${misread.subtitle}, with the output of the wrong class</p></figcaption>
<ul class="pictures">${pictures}</ul></figure>`;
}

function noTimeLineCard({ sessions, spans }: NetworkFindings): Html {
  if (sessions.length > 0 || spans.length === 0) return none;
  return html`<div class="card"><h3>No time line</h3><p class="words">${noTimeLine}</p></div>`;
}

/** Why there are no predictions, where there is a final model. */
function reasonCard({ predictions }: NetworkFindings): Html {
  if (predictions === undefined || !('reason' in predictions)) return none;
  return html`<div class="card"><h3>No confusion matrix</h3><p class="words">${predictions.reason}</p></div>`;
}

function factsCard({ experiment, standings }: NetworkFindings): Html {
  const winner = standings[0]?.trial;
  const facts: [string, string][] = [
    ['Definition', experiment.definitionHash],
    ['Data', experiment.dataHash],
    ['Kernels', experiment.kernelHash],
    ...(winner?.state === 'done'
      ? ([["Winner's weights", winner.artifacts.best ?? '']] as [string, string][])
      : []),
  ];
  const json = printableJson(JSON.stringify(JSON.parse(experiment.definition), null, 2));
  return html`<div class="card"><p class="words">Runs with equal hashes (SHA-256) have equal weights and curves, bit by bit, on any number of threads.</p>
<dl>${facts.map(([name, hash]) => html`<dt>${name}</dt><dd><code>${hash}</code></dd>`)}</dl>
<details><summary>The whole definition</summary><pre tabindex="0">${trusted(escapedLines(json))}</pre></details></div>`;
}

/** Text whose line breaks stay: html`` would print them as \n. */
const escapedLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => html`${line}`.html)
    .join('\n');
