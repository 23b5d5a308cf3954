/** The trials of a search as its figures take them: any parameters, any metrics. */
import type { Space } from '../space/space.ts';
import type { DoneTrial } from '../trial.ts';
import { countedStep, deciding, type Measure, type Tried, valueIn } from '../words/measures.ts';

export interface Searched {
  readonly tried: Tried;
  /** The best first. Others have no result that could be compared with these. */
  readonly done: readonly DoneTrial[];
  /** Undefined where the definition cannot be read: ranges are then as wide as what was tried. */
  readonly space: Space | undefined;
}

/** What decides, of a trial. */
export const decisiveOf = ({ tried }: Pick<Searched, 'tried'>) => {
  const measure = deciding(tried);
  return ({ best }: Pick<DoneTrial, 'best'>): number => valueIn(measure, best);
};

/** `validation accuracy at the best epoch, the lower the better`. */
export function decidedText({ tried }: Pick<Searched, 'tried'>): string {
  const { title, goal } = deciding(tried);
  return `${title} at the ${countedStep(tried)}${goal === 'minimise' ? ', the lower the better' : ''}`;
}

/** What is drawn of a run's metrics: of networks, not what was measured on the rows that they are trained on. */
export const figureMeasures = ({ kind, measures }: Tried): readonly Measure[] =>
  kind === 'network' ? measures.slice(0, 2) : measures;
