/**
 * tap's report: one line a test file, a failing file's failures in full, and the counts as the last line.
 * A skipped test stands in it with its reason, whatever became of its file. One without a reason fails the run: nobody would
 * know what was not tested. Not here: deciding what else failed. tap does that and sets the exit code.
 *
 * Why not one of tap's own: `base` redraws the screen by escape codes, into a log file too; `tap` prints every assertion.
 */
import { Transform, type TransformCallback } from 'node:stream';

/** What a failing file prints besides its failures: passed assertions, headings, plans, times. */
const uneventful = /^\s*(?:TAP version|ok \d|# (?:Subtest|time|No coverage)|\d+\.\.\d+(?! # no tests)|$)/;

/** A test that was not run, and why. */
const skipped = /^\s+ok \d+ - (?<title>.*?) # SKIP(?: (?<reason>.*))?$/;

/** What is shown of a passing file too: what a test says of itself by t.comment(), and what was skipped. */
const isRemark = (line: string): boolean => /^(?:\s*# | {2}skipped: |FAIL )/.test(line);

export default class Reporter extends Transform {
  private unfinishedLine = '';
  private details: string[] = [];
  private inFileDiagnosis = false;
  private unexplained = 0;

  override _transform(chunk: unknown, _encoding: BufferEncoding, done: TransformCallback): void {
    const lines = (this.unfinishedLine + String(chunk)).split('\n');
    this.unfinishedLine = lines.pop() ?? '';
    for (const line of lines) this.report(line);
    done();
  }

  override _flush(done: TransformCallback): void {
    this.report(this.unfinishedLine);
    done();
  }

  private report(line: string): void {
    const file = /^(?<not>not )?ok \d+ - (?<name>\S+)(?: # time=(?<ms>\d+))?/.exec(line)?.groups;
    const counts = /^# \{ (?<list>total: .+) \}$/.exec(line)?.groups;
    if (file) {
      const milliseconds = file['ms'] ? ` (${file['ms']} ms)` : '';
      this.push(`${file['not'] ? 'FAIL' : 'pass'} ${file['name']}${milliseconds}\n`);
      // tap writes a file's assertions before the file's own verdict.
      for (const detail of this.details) if (file['not'] || isRemark(detail)) this.push(`${detail}\n`);
      this.details = [];
    } else if (counts) {
      this.push(`\n${summary(counts['list'] ?? '', this.unexplained)}\n`);
    } else if (line === '  ---' || line === '  ...') {
      this.inFileDiagnosis = line === '  ---';
    } else if (this.inFileDiagnosis) {
      // It lists how the file was started; of use is only which file ran out of time.
      if (line.startsWith('  expired:')) this.push(`${line}\n`);
    } else if (line.startsWith('Bail out!')) {
      this.push(`${line}\n`);
    } else if (skipped.test(line)) {
      this.details.push(this.skipLine(line));
    } else if (!uneventful.test(line)) {
      this.details.push(line);
    }
  }

  private skipLine(line: string): string {
    const { title, reason } = skipped.exec(line)?.groups ?? {};
    if (reason !== undefined) return `  skipped: ${title}: ${reason}`;
    this.unexplained++;
    // tap takes a skip for no failure and leaves the exit code alone then.
    process.exitCode = 1;
    return `FAIL skipped without a reason: ${title}`;
  }
}

/** `total: 5, pass: 4, fail: 1` as `4 passed, 1 failed`; tap leaves out what is 0. */
function summary(counts: string, unexplained: number): string {
  const count = (name: string) => Number(new RegExp(`${name}: (\\d+)`).exec(counts)?.[1] ?? 0);
  const skips = count('skip') - unexplained;
  const ending = skips > 0 ? `, ${skips} skipped` : '';
  return `${count('pass')} passed, ${count('fail') + unexplained} failed${ending}`;
}
