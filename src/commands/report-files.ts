/** The pictures and the page that stand beside a database. */
import { dirname, join } from 'node:path';
import { type Classification, classification } from '../evidence/classification.ts';
import { figuresOf } from '../figures/all-figures.ts';
import { writeWhole } from '../files/write-whole.ts';
import { type FindingsOptions, findingsOf, knownNumbers, knownPredictions } from '../findings/findings.ts';
import type { TargetPredictions } from '../findings/number-predictions.ts';
import { curveFiles } from '../report/plot-files.ts';
import { reportPage } from '../report/report-page.ts';

/** Where an experiment's report goes. */
export const reportPath = (database: string): string => join(dirname(database), 'report.html');

export interface ReportFiles {
  readonly report: string;
  readonly plots: string[];
  /** How good the final model is class by class; undefined where that is not known. */
  readonly classification: Classification | undefined;
  /** What it makes of each target; none where its outputs are classes, or nothing is known. */
  readonly targets: readonly TargetPredictions[];
}

/** Writes the report and the curves; returns their paths, and what else is found out for them. */
export async function writeReportFiles(options: FindingsOptions): Promise<ReportFiles> {
  const findings = await findingsOf(options);
  const report = reportPath(options.database);
  // The report and the plots share drawings, for which they must share the figures.
  const figures = figuresOf(findings);
  writeWhole(report, await reportPage(findings, options.step, figures));
  const plots = (await curveFiles(figures)).map(({ name, content }) => {
    const path = join(dirname(options.database), name);
    writeWhole(path, content);
    return path;
  });
  const predictions = knownPredictions(findings);
  return {
    ...{ report, plots, targets: knownNumbers(findings) },
    classification: predictions && classification(predictions),
  };
}
