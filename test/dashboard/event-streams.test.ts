import { once } from 'node:events';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { StateEvent } from '../../src/dashboard/answers.ts';
import { startDashboard } from '../../src/dashboard/server.ts';
import { float, openStudy } from '../../src/index.ts';
import { openStore } from '../../src/store/store.ts';
import { addExperiment, done, experiment, report, spec } from '../store/example.ts';

interface Message {
  readonly id: string;
  readonly state: StateEvent;
}

/** Reads the stream's messages one by one. */
async function* messages(url: string, lastId?: string): AsyncGenerator<Message, void, undefined> {
  const headers: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId };
  const response = await fetch(`${url}api/events`, { headers });
  let text = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, id, data] = /^id: (\S+)\nevent: state\ndata: (.*)$/s.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (id !== undefined && data !== undefined) yield { id, state: JSON.parse(data) as StateEvent };
    }
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    if (turns > 600) throw new Error(`This has not come true in 30 s: ${holds}`);
    await setTimeout(50);
  }
}

const next = async (stream: AsyncGenerator<Message, void, undefined>): Promise<Message> => {
  const { value } = await stream.next();
  if (value === undefined) throw new Error('The stream has ended.');
  return value;
};

async function served(t: Test) {
  const database = join(t.testdir(), 'results.db');
  const dashboard = await startDashboard({ database, host: '127.0.0.1', port: 0, everyMs: 20 });
  t.teardown(() => dashboard.close());
  return { database, url: dashboard.url };
}

t.test('a page that is open before the first experiment sees it come, trial by trial', async (t) => {
  const { database, url } = await served(t);
  const stream = messages(url);
  t.same((await next(stream)).state, { experiments: [], running: [] });
  const store = openStore(database);
  t.teardown(() => store.close());
  const id = store.beginExperiment(experiment());
  store.addTrials(id, [spec(1), spec(2)]);
  let { state } = await next(stream);
  while (state.experiments[0]?.counts.waiting !== 2) ({ state } = await next(stream));
  const [first] = store.trials(id);
  store.startAttempt(first?.id ?? 0);
  ({ state } = await next(stream));
  t.match(state.experiments[0], { counts: { running: 1, waiting: 1 }, best: null });
  t.match(state.running, [{ id: first?.id, number: 1, steps: null, curve: [] }]);
  store.finish(first?.id ?? 0, done(0.75));
  ({ state } = await next(stream));
  t.match(state.experiments[0], {
    counts: { done: 1, waiting: 1 },
    best: { number: 1, best: { values: [0.75] } },
  });
  store.finishExperiment(id, 'stopped', 3);
  ({ state } = await next(stream));
  t.match(state.experiments[0], { state: 'stopped', seconds: 3, ended: 1, trials: 2 });
});

t.test('a run whose process is gone is interrupted, and nothing of it runs', async (t) => {
  const { database, url } = await served(t);
  const store = openStore(database);
  const id = store.beginExperiment(experiment());
  store.addTrials(id, [spec(1)]);
  store.startAttempt(store.trials(id)[0]?.id ?? 0);
  const stream = messages(url);
  t.match((await next(stream)).state, { experiments: [{ state: 'running' }], running: [{ number: 1 }] });
  // As a kill does, closing gives the lock back and records nothing.
  store.close();
  const { state } = await next(stream);
  t.match(state.experiments[0], { state: 'interrupted', counts: { running: 1 } });
  t.same(state.running, []);
});

t.test('a study is open, and each trial that is asked for or told of is seen', async (t) => {
  const { database, url } = await served(t);
  const study = await openStudy(
    { name: 'valley', space: { x: float(0, 1) }, metrics: { height: 'minimise' }, search: { trials: 3 } },
    { database },
  );
  const stream = messages(url);
  const told = await study.ask();
  await study.ask();
  let { state } = await next(stream);
  while (state.experiments[0]?.counts.waiting !== 3) ({ state } = await next(stream));
  t.match(state, {
    experiments: [{ state: 'open', seconds: null, ended: 0, trials: 3, best: null }],
    running: [],
  });
  await told?.tell({ height: 0.5 });
  ({ state } = await next(stream));
  t.match(state.experiments, [{ counts: { done: 1, waiting: 2 }, best: { best: { values: [0.5] } } }]);
});

t.test(
  'whoever comes back with the newest state is told the next one; with an older one, the newest',
  async (t) => {
    const { database, url } = await served(t);
    const store = openStore(database);
    t.teardown(() => store.close());
    const { experimentId } = addExperiment(store, [done(0.5)]);
    const before = await next(messages(url));
    const stream = messages(url, before.id);
    const news = next(stream);
    store.finishExperiment(experimentId, 'done', 1);
    const after = await news;
    t.equal(after.state.experiments[0]?.state, 'done', 'nothing was sent before it had changed');
    const late = await next(messages(url, before.id));
    t.same(late, after);
  },
);

t.test('a running curve comes in pieces, and whole to whoever begins', async (t) => {
  const { database, url } = await served(t);
  const store = openStore(database);
  t.teardown(() => store.close());
  const id = store.beginExperiment(experiment());
  store.addTrials(id, [spec(1)]);
  const trialId = store.trials(id)[0]?.id ?? 0;
  store.startAttempt(trialId);
  const tell = (epochs: number) => {
    const curve = Array.from({ length: epochs }, (_, i) => report(i + 1));
    const path = `${database}-live-${process.pid}`;
    writeFileSync(
      `${path}.new`,
      JSON.stringify({
        ...{ elapsed: epochs, left: 9, threads: 1 },
        trials: [{ id: trialId, epochs: 9, elapsed: epochs, left: 9 - epochs, curve }],
      }),
    );
    renameSync(`${path}.new`, path);
  };
  const epochsIn = ({ state }: Message) => state.running[0]?.curve.map(({ step }) => step);
  tell(2);
  const stream = messages(url);
  const first = await next(stream);
  t.same(epochsIn(first), [1, 2]);
  t.match(first.state, {
    experiments: [{ times: { elapsed: 2, left: 9 } }],
    running: [{ times: { elapsed: 2, left: 7 } }],
  });
  tell(4);
  t.same(epochsIn(await next(stream)), [3, 4]);
  t.same(epochsIn(await next(messages(url))), [1, 2, 3, 4], 'a reload');
});

t.test('a trial that lies ready waits for a thread', async (t) => {
  const { database, url } = await served(t);
  const store = openStore(database);
  t.teardown(() => store.close());
  const id = store.beginExperiment(experiment());
  store.addTrials(id, [spec(1), spec(2)]);
  const [first, second] = store.trials(id);
  for (const trial of [first, second]) store.startAttempt(trial?.id ?? 0);
  const trials = [{ id: first?.id, epochs: 9, elapsed: 1, left: 1, curve: [] }];
  writeFileSync(
    `${database}-live-${process.pid}`,
    JSON.stringify({ elapsed: 1, left: 1, threads: 1, trials }),
  );
  const { state } = await next(messages(url));
  t.match(state.experiments, [{ counts: { running: 1, waiting: 1 }, ready: [second?.id] }]);
  t.same(
    state.running.map(({ number }) => number),
    [1],
  );
  for (const [filter, lines] of [
    ['running', [{ number: 1, state: 'running' }]],
    ['waiting', [{ number: 2, state: 'waiting' }]],
  ] as const) {
    const found = await (await fetch(`${url}api/experiments/${id}/trials?state=${filter}`)).json();
    t.match(found, { total: 1, lines }, `the filter "${filter}"`);
  }
});

t.test('a database that is replaced by another is read anew', async (t) => {
  const { database, url } = await served(t);
  const first = openStore(database);
  addExperiment(first, [done(0.5)], undefined, 'old');
  first.close();
  const stream = messages(url);
  let { state } = await next(stream);
  while (state.experiments[0]?.name !== 'old') ({ state } = await next(stream));
  const other = join(t.testdirName, 'other');
  mkdirSync(other);
  const second = openStore(join(other, 'results.db'));
  addExperiment(second, [done(0.5), done(0.6)], undefined, 'new');
  second.close();
  renameSync(join(other, 'results.db'), database);
  while (state.experiments[0]?.name !== 'new') ({ state } = await next(stream));
  t.equal(state.experiments[0]?.counts.done, 2);
});

t.test('nobody can hold all streams: a new one ends the oldest of who has the most', async (t) => {
  const { url } = await served(t);
  const port = Number(new URL(url).port);
  /** A stream from an address of this machine, and whether it still lasts. */
  const streamFrom = async (localAddress: string) => {
    const request = get({ host: '127.0.0.1', port, path: '/api/events', localAddress });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    t.teardown(() => response.destroy());
    const stream = { isOver: false };
    response.resume().on('end', () => {
      stream.isOver = true;
    });
    t.equal(response.statusCode, 200);
    return stream;
  };
  const patient = await streamFrom('127.0.0.2');
  const greedy: { isOver: boolean }[] = [];
  for (let opened = 0; opened < 31; opened++) greedy.push(await streamFrom('127.0.0.1'));
  t.notOk(
    [patient, ...greedy].some(({ isOver }) => isOver),
    'all 32 last',
  );
  const late = await streamFrom('127.0.0.3');
  const again = [await streamFrom('127.0.0.1'), await streamFrom('127.0.0.1')];
  await until(() => greedy.slice(0, 3).every(({ isOver }) => isOver));
  const lasting = [patient, late, ...again, ...greedy.slice(3)];
  t.equal(lasting.length, 32);
  t.notOk(
    lasting.some(({ isOver }) => isOver),
    'only the greedy one has lost any, its oldest',
  );
});
