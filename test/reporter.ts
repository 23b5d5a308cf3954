/**
 * tap's report: one line a test file, a failing file's failures in full, and the counts as the last line.
 * Not here: deciding what failed. tap does that and sets the exit code.
 *
 * Why not one of tap's own: `base` redraws the screen by escape codes, into a log file too; `tap` prints every assertion.
 */
import { Transform, type TransformCallback } from 'node:stream';

/** What a failing file prints besides its failures: passed assertions, headings, plans, times. */
const uneventful = /^\s*(?:TAP version|ok \d|# (?:Subtest|time|No coverage)|\d+\.\.\d+(?! # no tests)|$)/;

/** What a test says of itself by t.comment(): shown of a passing file too. */
const isRemark = (line: string): boolean => /^\s*# /.test(line);

export default class Reporter extends Transform {
  private unfinishedLine = '';
  private details: string[] = [];
  private inFileDiagnosis = false;

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
      this.push(`\n${summary(counts['list'] ?? '')}\n`);
    } else if (line === '  ---' || line === '  ...') {
      this.inFileDiagnosis = line === '  ---';
    } else if (this.inFileDiagnosis) {
      // It lists how the file was started; of use is only which file ran out of time.
      if (line.startsWith('  expired:')) this.push(`${line}\n`);
    } else if (line.startsWith('Bail out!')) {
      this.push(`${line}\n`);
    } else if (!uneventful.test(line)) {
      this.details.push(line);
    }
  }
}

/** `total: 5, pass: 4, fail: 1` as `4 passed, 1 failed`; tap leaves out what is 0. */
function summary(counts: string): string {
  const count = (name: string) => Number(new RegExp(`${name}: (\\d+)`).exec(counts)?.[1] ?? 0);
  return `${count('pass')} passed, ${count('fail')} failed`;
}
