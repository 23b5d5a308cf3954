/** The pictures and the page that stand beside a database. */
import { dirname, join } from 'node:path';
import { type FindingsOptions, findingsOf } from '../report/findings.ts';
import { reportPage } from '../report/page/report-page.ts';
import { curveFiles } from '../report/plot-files.ts';
import { writeWhole } from '../store/write-whole.ts';

/** Where an experiment's report goes. */
export const reportPath = (database: string): string => join(dirname(database), 'report.html');

/** Writes the report and the curves of both phases; returns their paths. */
export async function writeReportFiles(
  options: FindingsOptions,
): Promise<{ report: string; plots: string[] }> {
  const findings = await findingsOf(options);
  const report = reportPath(options.database);
  writeWhole(report, await reportPage(findings, options.step));
  const plots = (await curveFiles(findings)).map(({ name, content }) => {
    const path = join(dirname(options.database), name);
    writeWhole(path, content);
    return path;
  });
  return { report, plots };
}
