/** The models of a run that a person may try. Not here: what they are tried on. */
import type { Role } from '../../trial.ts';
import { percent } from '../../words/units.ts';
import type { TrialAnswer, TrialsAnswer } from '../answers.ts';
import { getJson } from './fetching.ts';
import { type Context, measuresIn } from './view.ts';
import { parametersText } from './words.ts';

export interface Model {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
}

/** The final model, the one asked for, and the best ten of the search. */
export async function modelsOf(
  context: Context,
  trialId: number | undefined,
  signal: AbortSignal,
): Promise<Model[]> {
  const { experiment } = context;
  const path = `experiments/${experiment.id}/trials?state=done&sort=rank&count=10`;
  const { lines } = await getJson<TrialsAnswer>(path, signal);
  const best = lines.map(({ id, number, values, params }): Model => {
    const name = `trial ${number}: ${accuracyIn(context, values)}, ${parametersText(params)}`;
    return { id, name, role: 'search' };
  });
  const last: Model[] =
    experiment.final?.state === 'done'
      ? [
          {
            id: experiment.final.id,
            name: `final training: ${accuracyIn(context, experiment.final.last?.values ?? null)} on test rows`,
            role: 'final',
          },
        ]
      : [];
  const known = [...last, ...best];
  if (trialId === undefined || known.some(({ id }) => id === trialId)) return known;
  const { trial } = await getJson<TrialAnswer>(`trials/${trialId}`, signal);
  return [
    ...known,
    { id: trialId, name: `trial ${trial.number}: ${parametersText(trial.params)}`, role: trial.role },
  ];
}

/** A network's accuracy among the values of its report. */
function accuracyIn(context: Context, values: readonly number[] | null): string {
  const measure = measuresIn(context).find(({ written }) => written === 'accuracy');
  return percent(values?.[measure?.place ?? 0] ?? Number.NaN);
}
