/** The few numbers that stand at the top of the page. */
import type { Interval } from '../evidence/statistics.ts';
import { areReplicated, replicatesText, spreadOf } from '../findings/combinations.ts';
import type { Findings, ObjectiveFindings } from '../findings/findings.ts';
import { judgedBy } from '../findings/judged.ts';
import { busyText, timeLineOf } from '../findings/time-line.ts';
import type { DoneTrial, Report } from '../trial.ts';
import { deciding, type Measure, measureText, shortTitle, type Tried, valueIn } from '../words/measures.ts';
import { countText, intervalText, paramsText, percent, secondsText, settingsText } from '../words/units.ts';
import { type Html, html } from './html.ts';

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly more: string;
}

export function tiles(findings: Findings): Html[] {
  const { experiment, standings } = findings;
  const [winner] = standings;
  const winnerTiles =
    winner?.trial.state === 'done'
      ? [bestTile(findings, winner.trial, winner.interval), winnerTile(findings, winner.trial)]
      : [
          {
            name: 'Winner',
            value: experiment.state === 'done' ? 'None' : 'None yet',
            more: 'no trial is done',
          },
        ];
  const all = [...winnerTiles, ...finalTiles(findings), ...trialTiles(findings), timeTile(findings)];
  return all.map(
    ({ name, value, more }) =>
      html`<li><span class="name">${name}</span> <span class="value">${value}</span> <span class="more">${more}</span></li>`,
  );
}

/** Where several metrics count alike there is no winner: what is first has the best of the first of them. */
function winnerTile(
  { experiment, tried, standings, combinations }: Findings,
  { number, params, replicate }: DoneTrial,
): Tile {
  const settings = settingsText({ params, replicate }, tried);
  const judged = judgedBy(experiment, tried).map(({ title }) => title);
  if (judged.length === 1) return { name: 'Winner', value: `Trial ${number}`, more: settings };
  const [best] = combinations;
  const [rows, noun, first] =
    best !== undefined && areReplicated(combinations)
      ? [combinations, 'combination', `best mean ${judged[0]}: ${paramsText(best.params)}`]
      : [standings, 'trial', `best ${judged[0]}: trial ${number}, ${settings}`];
  const front = rows.filter((row) => row.front === 1).length;
  return {
    name: 'Pareto front',
    value: `${countText(front)} ${noun}${front === 1 ? '' : 's'}`,
    more: `not dominated in ${judged.join(', ')}; ${first}`,
  };
}

function timeTile(findings: Findings): Tile {
  const { experiment } = findings;
  const line = timeLineOf(findings);
  const { threads } = line;
  const used = threads === 0 ? '' : `${threads} thread${threads === 1 ? '' : 's'}, busy ${busyText(line)}`;
  const seconds = experiment.seconds === null ? 'Running' : secondsText(experiment.seconds);
  return { name: 'Time', value: seconds, more: used };
}

function finalTiles(findings: Findings): Tile[] {
  const { final } = findings;
  if (final?.state !== 'done') return [];
  if (findings.kind === 'objective')
    return [{ name: `Final ${deciding(findings.tried).title}`, ...resultOf(findings, final.last) }];
  const { definition, finalInterval, tried } = findings;
  const { published } = definition ?? {};
  const beside =
    published?.testAccuracy === undefined ? '' : `; published ${percent(published.testAccuracy)}`;
  const sure = finalInterval ? `95 %: ${intervalText(finalInterval)}${beside}` : `test rows${beside}`;
  return [measuredTile('Test', tried, final.last, sure)];
}

/** What became of the trials, where not all of them are done. */
function trialTiles({ kind, standings }: Findings): Tile[] {
  if (kind === 'network') return [];
  const counts = [...Map.groupBy(standings, ({ trial }) => trial.state)];
  const [first, ...others] = counts.map(([state, rows]) => `${countText(rows.length)} ${state}`);
  return first === undefined || others.length === 0
    ? []
    : [{ name: 'Trials', value: first, more: others.join(', ') }];
}

/** What decides, of a report, and what else was measured. */
function resultOf({ tried }: ObjectiveFindings, report: Report): Pick<Tile, 'value' | 'more'> {
  const first = deciding(tried);
  const others = tried.measures.filter((measure) => measure !== first);
  const text = others.map((measure) => `${measure.title} ${measureText(measure, valueIn(measure, report))}`);
  return { value: measureText(first, valueIn(first, report)), more: text.join(', ') };
}

/** The metric that decided; beside anything but the accuracy, which is what `sure` is about, stands what decides among equals. */
function measuredTile(rows: string, tried: Tried, report: Report, sure: string): Tile {
  const [first, second] = tried.measures as [Measure, Measure];
  const text = (measure: Measure) => measureText(measure, valueIn(measure, report));
  const other = first.written === 'accuracy' ? '' : `${shortTitle(tried, second)} ${text(second)}, `;
  return { name: `${rows} ${shortTitle(tried, first)}`, value: text(first), more: `${other}${sure}` };
}

/** The winner's result: the mean of its replicates where there are several. */
function bestTile(findings: Findings, { best }: DoneTrial, interval?: Interval): Tile {
  const { tried, combinations } = findings;
  const measure = deciding(tried);
  const [combination] = combinations;
  const spread = combination && spreadOf(measure, combination);
  if (combination !== undefined && spread && areReplicated(combinations)) {
    const deviation =
      spread.deviation === null ? '' : `, standard deviation ${measureText(measure, spread.deviation)}`;
    const more = `${replicatesText(combination)} ${tried.replicateName}s${deviation}`;
    return { name: `Best mean ${measure.title}`, value: measureText(measure, spread.mean), more };
  }
  if (findings.kind === 'objective') {
    const { value, more } = resultOf(findings, best);
    const at = best.step > 1 ? `at step ${best.step}` : '';
    return { name: `Best ${measure.title}`, value, more: [at, more].filter(Boolean).join(', ') };
  }
  const sure = interval === undefined ? `at epoch ${best.step}` : `95 %: ${intervalText(interval)}`;
  return measuredTile('Best validation', tried, best, sure);
}
