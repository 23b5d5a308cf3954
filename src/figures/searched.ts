/** The trials of a search as its figures take them: any parameters, any metrics. */
import type { Space } from '../space/space.ts';
import type { DoneTrial } from '../trial.ts';
import { decidingOf, type Measure, valueIn } from '../words/measure.ts';

export interface Searched {
  /** The best first. Others have no result that could be compared with these. */
  readonly done: readonly DoneTrial[];
  readonly measures: readonly Measure[];
  /** Undefined where the definition cannot be read: ranges are then as wide as what was tried. */
  readonly space: Space | undefined;
  /** What people call the steps of a trial. */
  readonly step: 'epoch' | 'step';
}

/** What decides, of a trial. */
export const decisiveOf = ({ measures }: Pick<Searched, 'measures'>) => {
  const deciding = decidingOf(measures);
  return ({ best }: Pick<DoneTrial, 'best'>): number => valueIn(deciding, best);
};

/** `validation accuracy at the best epoch, the lower the better`. */
export function decidedText({ measures, step }: Searched): string {
  const { title, goal } = decidingOf(measures);
  return `${title('search')} at the best ${step}${goal === 'minimise' ? ', the lower the better' : ''}`;
}
