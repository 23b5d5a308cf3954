import t from 'tap';
import { pictureSvg } from '../../src/figures/chart.ts';
import { timeLineFigure } from '../../src/figures/time-line.ts';
import { timeLineOf } from '../../src/findings/time-line.ts';
import type { DoneTrial } from '../../src/trial.ts';
import { defined, grid, overFolds, session, timeLine } from './samples.ts';

t.test('the time line says how much of the cores was used', async (t) => {
  const spans = [
    { trialId: 1, session: 1, thread: 0, from: 1, to: 4 },
    { trialId: 2, session: 1, thread: 1, from: 1, to: 5 },
    { trialId: 3, session: 1, thread: 0, from: 4, to: 10 },
  ];
  const sessions = [session(1, { threads: 2, seconds: 12.5 })];
  const line = timeLineOf({ spans, sessions });
  t.match(line, { threads: 2, seconds: 12.5, busy: 0.52, starts: [0], isOpen: false, unplaced: 0 });
  const figure = defined(timeLine(new Map(grid.map((one) => [one.id, one])), { spans, sessions }));
  t.match(figure.subtitle, '2 threads for 12.50 s: kept busy 52 % of');
  t.same(figure.table?.rows, [
    ['thread 1', '2', '9.00 s'],
    ['thread 2', '1', '4.00 s'],
  ]);
  const svg = await pictureSvg(figure);
  for (const name of ['>thread 1<', '>thread 2<', '>1<', '>3<', '>learning rate 0.001<']) t.match(svg, name);
  t.equal(timeLine(new Map(), { spans: [], sessions }), undefined);
  t.match(figure.tips?.[0]?.text, /^trial 1, .*batch size 16\n/);
  const one = new Map([[1, { ...(grid[0] as DoneTrial), replicate: 1 }]]);
  const told = defined(timeLineFigure(one, { spans, sessions }, { tried: overFolds, space: undefined }));
  t.match(told.tips?.[0]?.text, /^trial 1, .*batch size 16, fold 1\n/);
});

t.test('a trial that was handed from thread to thread is one trial of one session', async (t) => {
  // Trial 1's first span ended before trial 2 did, which was recorded first.
  const spans = [
    { trialId: 2, session: 1, thread: 1, from: 0, to: 8 },
    { trialId: 1, session: 1, thread: 0, from: 0, to: 3 },
    { trialId: 1, session: 1, thread: 0, from: 4, to: 10 },
  ];
  const sessions = [session(1, { threads: 2, seconds: 10 })];
  t.match(timeLineOf({ spans, sessions }), { seconds: 10, busy: 0.85, starts: [0] });
  const figure = defined(timeLine(new Map(), { spans, sessions }));
  t.equal(figure.table?.rows[0]?.[1], '1', 'thread 1 has trained one trial');
});

t.test('sessions are laid one behind the other, as long as they were', async (t) => {
  const spans = [
    { trialId: 1, session: 4, thread: 0, from: 0, to: 8 },
    { trialId: 2, session: 7, thread: 0, from: 0, to: 3 },
    { trialId: 3, session: 7, thread: 1, from: 1, to: 4 },
  ];
  const sessions = [session(4, { threads: 1, seconds: 10 }), session(7, { threads: 2, seconds: null })];
  const line = timeLineOf({ spans, sessions });
  t.same(
    line.spans.map(({ from, to }) => [from, to]),
    [
      [0, 8],
      [10, 13],
      [11, 14],
    ],
  );
  t.match(line, { seconds: 14, threads: 2, starts: [0, 10], isOpen: true });
  t.equal(line.busy, 14 / (10 + 2 * 4), 'of the threads that there were');
  const { subtitle } = defined(timeLine(new Map(), { spans, sessions }));
  t.match(subtitle, '2 threads for 14.00 s in 2 sessions, laid one behind the other: kept busy 78 %');
  t.match(
    subtitle,
    'a session without a recorded end, as one that still runs, counts as far as its last trial',
  );
});

t.test('of machines that came and went only their own time counts', async (t) => {
  const machine = { session: 1, name: 'alpha#1-aaaa', firstThread: 0, threads: 1, from: 0, end: undefined };
  const lost = {
    ...machine,
    name: 'beta#2-bbbb',
    firstThread: 1,
    from: 2,
    end: { at: 4, how: 'lost' },
  } as const;
  const spans = [
    { trialId: 1, session: 1, thread: 0, from: 0, to: 4 },
    { trialId: 2, session: 1, thread: 1, from: 2, to: 4 },
  ];
  const sessions = [session(1, { threads: 2, seconds: 10 })];
  const line = timeLineOf({ spans, sessions, machines: [machine, lost] });
  t.match(line, { machines: 2, threads: 2, busy: 6 / (10 + 2), lanes: ['alpha · 1', 'beta · 1'] });
});

t.test('spans of no recorded session are not guessed at', async (t) => {
  const old = { trialId: 1, session: null, thread: 0, from: 0, to: 8 };
  t.equal(timeLine(new Map(), { spans: [old], sessions: [] }), undefined);
  const spans = [old, { ...old, session: 2, to: 2 }];
  const sessions = [session(2, { threads: 1, seconds: 4 })];
  t.match(timeLineOf({ spans, sessions }), { seconds: 4, busy: 0.5, unplaced: 1 });
  const { subtitle } = defined(timeLine(new Map(), { spans, sessions }));
  t.match(subtitle, 'what ran before sessions were recorded is not drawn');
});

t.test('ten thousand spans become few bars', async (t) => {
  const spans = Array.from({ length: 10_000 }, (_, i) => ({
    trialId: i,
    session: 1,
    thread: i % 4,
    from: i / 100,
    to: i / 100 + 0.04,
  }));
  const svg = await pictureSvg(
    defined(timeLine(new Map(), { spans, sessions: [session(1, { threads: 4, seconds: 101 })] })),
  );
  t.ok(svg.length < 50_000, `${svg.length}`);
});
