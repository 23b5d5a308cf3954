/**
 * How much each parameter mattered: by functional ANOVA, and beside it by PED-ANOVA, which asks another question.
 * Not here: how they are worked out (evidence), and how they are drawn (figures).
 */
import { type Column, columnsOf, isConstant } from '../evidence/column.ts';
import { fanova } from '../evidence/fanova.ts';
import { pedAnova } from '../evidence/ped-anova.ts';
import type { Space } from '../space/space.ts';
import type { DoneTrial } from '../trial.ts';
import { deciding, lossBy, type Measure, type Tried, valueIn } from '../words/measures.ts';

/** The done trials of a search, the best first. */
interface Tries {
  readonly tried: Tried;
  readonly done: readonly DoneTrial[];
  readonly space: Space | undefined;
  /** What they matter for; the metric that decides, if absent. */
  readonly measure?: Measure;
}

export interface Importance {
  readonly name: string;
  /** Its share of what single parameters explain; undefined where the parameter does not apply to every trial. */
  readonly fanova: number | undefined;
  /** Its share of the PED-ANOVA of all. */
  readonly pedAnova: number;
}

/** Of fewer trials nothing can be said. */
const fewest = 10;
/** More trials take long, and hardly change the answer: of these every n-th in the order of their ranks. */
const most = 1000;
/** The parameters that trials differ in, the most important first; empty where there is too little to learn from. */
export function importancesOf({ done, space, tried, measure = deciding(tried) }: Tries): Importance[] {
  if (done.length < fewest || space === undefined) return [];
  const every = Math.ceil(done.length / most);
  const trials = done.filter((_, index) => index % every === 0).sort((a, b) => a.number - b.number);
  const losses = trials.map(({ best }) => lossBy(measure, valueIn(measure, best)));
  const columns = columnsOf(
    space,
    trials.map(({ params }) => params),
  ).filter((column) => !isConstant(column));
  const shares = fanova(columns, losses);
  const differences = pedAnova(columns, losses);
  const all = differences.reduce((sum, one) => sum + one, 0);
  return columns
    .map((column, index) => ({
      name: column.name,
      fanova: isConditional(column) ? undefined : (shares[index] as number),
      pedAnova: all === 0 ? 0 : (differences[index] as number) / all,
    }))
    .sort((a, b) => (b.fanova ?? b.pedAnova) - (a.fanova ?? a.pedAnova));
}

const isConditional = ({ values }: Column): boolean => values.some(Number.isNaN);
