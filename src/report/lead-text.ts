/** What was done, in the line below the page's title. */
import type { Findings } from '../findings/findings.ts';
import { judgedBy } from '../findings/judged.ts';
import { isStudy } from '../sweep/is-study.ts';
import { cut } from '../words/text.ts';
import { countText } from '../words/units.ts';

export function leadText(findings: Findings): string {
  const { experiment, standings, done } = findings;
  const trials =
    done.length === standings.length
      ? `${countText(done.length)} trial${done.length === 1 ? '' : 's'}`
      : `${countText(done.length)} of ${countText(standings.length)} trials done`;
  const stopped = isStudy(experiment) ? 'not finished yet' : 'stopped before its end';
  const state = { done: undefined, running: 'not finished yet', stopped }[experiment.state];
  return [trials, ...ownText(findings), `seed ${experiment.seed}`, state].filter(Boolean).join(' · ');
}

/** What was tried. */
function ownText(findings: Findings): (string | undefined)[] {
  const { definition } = findings;
  if (findings.kind === 'objective') {
    const aims = judgedBy(findings.experiment, findings.tried).flatMap(({ title, goal }) =>
      goal === 'none' ? [] : [`${title} as ${goal === 'minimise' ? 'low' : 'high'} as possible`],
    );
    return [aims.join(', ') || undefined, objectiveText(findings.definition?.objective)];
  }
  if (definition === undefined) return [];
  const { model, training, space = {} } = findings.definition ?? {};
  // What the space names differs from trial to trial.
  return [
    training && !('epochs' in space) ? `${training.epochs} epochs each` : undefined,
    model && !('hidden' in space) ? networkText(model.hidden) : undefined,
  ];
}

function objectiveText(
  objective: { readonly module: string } | { readonly command: readonly string[] } | undefined,
): string | undefined {
  if (objective === undefined) return undefined;
  return cut('module' in objective ? objective.module : objective.command.join(' '), 60);
}

function networkText(hidden: readonly number[]): string {
  if (hidden.length === 0) return 'no hidden layer';
  return hidden.length === 1 ? `${hidden[0]} hidden units` : `hidden layers of ${hidden.join(', ')} units`;
}
