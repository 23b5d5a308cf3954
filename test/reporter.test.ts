import { text } from 'node:stream/consumers';
import t from 'tap';
import Reporter from './reporter.ts';

/** What the report makes of tap's output, handed over in pieces that do not end at line ends. */
async function reported(tapOutput: string): Promise<string> {
  const reporter = new Reporter();
  for (let from = 0; from < tapOutput.length; from += 7) reporter.write(tapOutput.slice(from, from + 7));
  reporter.end();
  return text(reporter);
}

const passing = `TAP version 14
1..2
# Subtest: test/a.test.ts
    # Subtest: adds
        ok 1 - should be equal
        1..1
    ok 1 - adds # time=346.16ms

    1..1
    # time=366.172ms
ok 1 - test/a.test.ts # time=366.172ms
`;

const failing = `
# Subtest: test/b.test.ts
    # Subtest: adds
        ok 1 - should be equal
        not ok 2 - one is two
          ---
          diff: |
            -2
            +1
          ...
        1..2
    not ok 1 - adds # time=14.691ms
not ok 2 - test/b.test.ts # time=25.099ms
  ---
  args:
    - /somewhere/test/b.test.ts
  exitCode: 1
  ...

`;

t.test('a passing file is one line and the counts come last', async (t) => {
  t.equal(
    await reported(`${passing}\n# No coverage generated\n# { total: 1, pass: 1 }\n# time=815.76ms\n`),
    'pass test/a.test.ts (366 ms)\n\n1 passed, 0 failed\n',
  );
});

t.test('a failing file shows its failures and not what passed', async (t) => {
  const report = await reported(`${passing}${failing}# { total: 3, pass: 2, fail: 1 }\n`);
  t.match(report, 'FAIL test/b.test.ts (25 ms)\n        not ok 2 - one is two\n');
  t.match(report, '+1');
  t.notMatch(report, 'should be equal');
  t.notMatch(report, 'exitCode');
  t.match(report, /\n2 passed, 1 failed\n$/);
});

t.test('a file that ran out of time is named', async (t) => {
  const report = await reported('not ok 5 - timeout!\n  ---\n  expired: test/e.test.ts\n  ...\n');
  t.equal(report, 'FAIL timeout!\n  expired: test/e.test.ts\n');
});

t.test('a skipped test is named with its reason, also of a passing file, and counted', async (t) => {
  const report = await reported(
    '    ok 1 - reads it back # SKIP torch is not here\nok 1 - f\n# { total: 3, pass: 2, skip: 1 }\n',
  );
  t.equal(report, 'pass f\n  skipped: reads it back: torch is not here\n\n2 passed, 0 failed, 1 skipped\n');
});

t.test('a test that is skipped without a reason fails the run', async (t) => {
  const report = await reported('    ok 1 - later # SKIP\nok 1 - f\n# { total: 3, pass: 2, skip: 1 }\n');
  t.equal(process.exitCode, 1);
  process.exitCode = 0;
  t.equal(report, 'pass f\nFAIL skipped without a reason: later\n\n2 passed, 1 failed\n');
});
