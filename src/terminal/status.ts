/** How an experiment stands, as text. Not here: the findings themselves, and the columns (status-columns.ts). */
import { spreadText } from '../findings/combinations.ts';
import { judgedBy, winsBy } from '../findings/judged.ts';
import type { Status } from '../findings/status.ts';
import { isStudy } from '../sweep/is-study.ts';
import type { DoneTrial, Trial } from '../trial.ts';
import type { Format } from '../words/formats.ts';
import { commonText } from '../words/parameters.ts';
import { resultText } from '../words/result-text.ts';
import { printable, wrapped } from '../words/text.ts';
import { stateColour } from '../words/trial-state.ts';
import { countText, durationText, secondsText, settingsText } from '../words/units.ts';
import { machinesAs } from './machines.ts';
import { inColour, type Paper } from './paper.ts';
import { rowsAs } from './rows.ts';
import { statusColumns } from './status-columns.ts';

/** The rows as data, or for people with the state of the whole above them. */
export function statusText(format: Format, status: Status, paper: Paper): string {
  const table = rowsAs(format, statusColumns(status.tried, status.rows), status.rows, paper);
  switch (format) {
    case 'json':
    case 'csv':
      return table;
    case 'markdown':
      return [
        ...headlines(status, undefined),
        '',
        table,
        ...(status.machines.length === 0 ? [] : ['', machinesAs(format, status)]),
      ]
        .join('\n\n')
        .replaceAll('\n\n\n', '\n');
    case 'table':
      return [
        ...headlines(status, paper),
        ...(status.rows.length === 0 ? [] : [table]),
        ...[commonText(status.rows.map(({ trial }) => trial))].filter(Boolean),
        ...(status.machines.length === 0 ? [] : [machinesAs(format, status, paper)]),
      ].join('\n');
    default:
      return format satisfies never;
  }
}

function headlines(status: Status, paper: Paper | undefined): string[] {
  const { experiment, state, counts, unproposed, ended, trials, winner } = status;
  const count = (name: Trial['state'], number: number) =>
    number === 0 ? [] : [inColour(`${countText(number)} ${name}`, stateColour({ state: name }), paper)];
  const counted = [
    `${countText(ended)} of ${countText(trials)} trials`,
    ...(state === 'interrupted' && counts.running > 0
      ? [`${countText(counts.running)} interrupted`]
      : count('running', counts.running)),
    ...count('pruned', counts.pruned),
    ...count('diverged', counts.diverged),
    ...count('failed', counts.failed),
    ...(isStudy(experiment) ? count('waiting', counts.waiting - unproposed) : []),
    ...count('paused', counts.paused),
    ...count('stopped', counts.stopped),
    ...finalText(status),
  ];
  const none = state === 'done' ? 'none, for no trial has a result' : 'no trial is done yet';
  const best = winner === undefined ? none : winnerText(status, winner);
  const name = printable(experiment.name);
  return [
    `${name} (run ${experiment.id}): ${timeText(status)}`,
    counted.join(', '),
    `winner${state === 'done' ? '' : ' so far'}: ${best}`,
  ].map((line) => wrapped(line, paper?.width ?? Number.POSITIVE_INFINITY, '  '));
}

/** The final training is none of the search's trials. */
function finalText({ state, final }: Status): string[] {
  if (final === undefined) return [];
  const isInterrupted = state === 'interrupted' && final.state === 'running';
  return [`final training ${isInterrupted ? state : final.state}`];
}

function timeText({ experiment, state, running }: Status): string {
  // Nobody here is at work on it, and it takes no time that is known.
  if (isStudy(experiment)) return state;
  if (running !== undefined)
    return `running for ${durationText(running.elapsed)}${running.left === null ? '' : `, about ${durationText(running.left)} left`}`;
  if (state === 'interrupted') return 'interrupted; the same command continues it';
  return `${state} ${state === 'done' ? 'in' : 'after'} ${secondsText(experiment.seconds ?? 0)}`;
}

function winnerText({ experiment, tried, replicates, evaluationRows }: Status, winner: DoneTrial): string {
  const at = tried.kind === 'network' || winner.best.step > 1 ? ` at ${tried.step} ${winner.best.step}` : '';
  const result = resultText(tried, 'search', winner.best, evaluationRows);
  const mean = replicates === undefined ? '' : `; ${spreadText(tried, replicates)}`;
  const by = winsBy(judgedBy(experiment, tried));
  return `trial ${winner.number}${by}, ${settingsText(winner, tried)}: ${result}${at}${mean}`;
}
