import { existsSync } from 'node:fs';
import t from 'tap';
import { loadModel } from '../../src/model/load-model.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStudy } from '../../src/sweep/open-study.ts';
import { runSweep, sweepEvents } from '../../src/sweep/run-sweep.ts';
import { trainMlp } from '../../src/sweep/train-mlp.ts';
import { predict, predictNumbers } from '../../src/train/predict.ts';

const definition = {
  name: 'options',
  space: { x: [1, 2] },
  metrics: ['loss'],
  objective: { command: ['true'] },
} as const;

t.test('options of a sweep that no type would let through are told, and nothing runs', async (t) => {
  const database = `${t.testdir()}/results.db`;
  for (const [options, told] of [
    [undefined, 'options must hold the key database and may hold 12 others, but it is missing.'],
    [{}, 'database must be the path of a database, such as "results/results.db", but it is missing.'],
    [{ database: 5 }, 'database must be the path of a database, such as "results/results.db", but got 5.'],
    [{ database, signal: 5 }, 'signal must be an AbortSignal, but got 5.'],
    [{ database, onEvent: 3 }, 'onEvent must be a function, but got 3.'],
    [{ database, thread: 2 }, 'thread is not a known key; did you mean "threads"?'],
    [{ database, baseFolder: 5 }, 'baseFolder must be the path of a folder, but got 5.'],
    [{ database, lastPhase: 3 }, 'lastPhase must be 1 or 2, but got 3.'],
    [{ database, fresh: 'yes' }, 'fresh must be true or false, but got "yes".'],
    [{ database, arrays: null }, 'arrays must hold inputs, and labels or targets, but got null.'],
    [
      { database, stopAfter: '10m' },
      'stopAfter must be a group with any of the keys seconds, trials, but got "10m".',
    ],
    [
      { database, stopAfter: { trials: 0 } },
      'stopAfter.trials must be a number of trials above 0, but got 0.',
    ],
    [{ database, workers: 'redis://:secret@host' }, 'workers must hold url, the address of a queue.'],
  ] as const) {
    const message = (call: string) => `The call of ${call} has a fault:\n  ${told}`;
    await t.rejects(runSweep(definition, options as never), {
      ...{ code: 'ERR_DEFINITION', exitCode: 2, message: message('runSweep') },
    });
    const events = sweepEvents(definition, options as never);
    await t.rejects(events.next(), { code: 'ERR_DEFINITION', message: message('sweepEvents') });
  }
  await t.rejects(runSweep(definition, { database, sig: 1, onEvnt: 2 } as never), {
    message: /has 2 faults:\n {2}sig is not a known key; did you mean "signal"\?\n {2}onEvnt .*"onEvent"/,
  });
  t.notOk(existsSync(database));
});

t.test('a study names its database, and what it is told must be a number of each metric', async (t) => {
  const { objective: _, ...study } = definition;
  t.throws(() => openStudy(study, undefined as never), {
    message: 'The call of openStudy has a fault:\n  options must hold the key database, but it is missing.',
  });
  const database = `${t.testdir()}/study.db`;
  t.throws(() => openStudy(study, { database, path: '' } as never), { message: /path is not a known key/ });
  const trial = await openStudy(study, { database }).ask();
  if (trial === undefined) throw new Error('A study of two values has a trial.');
  for (const [values, message] of [
    [5, /with a number for each metric \("loss"\), but got 5/],
    [{ los: 1 }, /"loss" is missing: it holds "los"/],
    [{ loss: '1' }, /Metric "loss" must be a number, but got "1"/],
    [{ loss: 1, error: 2 }, /"error" is no metric of this experiment/],
  ] as const) {
    await t.rejects(trial.tell(values as never), { code: 'ERR_REPORT', message });
    await t.rejects(trial.report(1, values as never), { code: 'ERR_REPORT', message });
  }
  await t.rejects(trial.report(0, { loss: 1 }), { code: 'ERR_REPORT', message: /count from 1/ });
  await trial.fail(new Error('no such rate') as never);
  const results = openReadOnly(database);
  t.teardown(() => results.close());
  t.match(
    results.trials(1),
    [{ state: 'failed', reason: 'Error: no such rate' }],
    'what was refused left no trace',
  );
  t.throws(() => results.query(5 as never), {
    code: 'ERR_QUERY_REFUSED',
    message: /SQL is a text, but got 5/,
  });
});

t.test('a training and a model are told what they are given in the place of theirs', async (t) => {
  const rows = { inputs: [0, 1, 2, 3], labels: [0, 1, 0, 1] };
  const options = { ...rows, validation: rows, hidden: [2], learningRate: 0.1, batchSize: 2, epochs: 1 };
  for (const [given, message] of [
    [undefined, /options must hold the keys inputs, validation and may hold \d+ others/],
    [
      { ...options, validation: undefined },
      /validation must hold inputs, and labels or targets, but it is missing/,
    ],
    [{ ...options, momentun: 0.9 }, /momentun is not a known key; did you mean "momentum"\?/],
    [{ ...options, signal: {} }, /signal must be an AbortSignal, but got \{\}/],
    [{ ...options, inputs: 5 }, /inputs must be numbers, one row after the other, but got 5/],
  ] as const)
    await t.rejects(trainMlp(given as never), { code: 'ERR_DEFINITION', message });

  const result = await trainMlp(options);
  for (const predicting of [predict, predictNumbers]) {
    t.throws(() => predicting(result as never, [1]), {
      ...{
        code: 'ERR_NO_MODEL',
        message:
          /as `model` in the result of trainMlp\(\), but got an object with model, curve, best, last\./,
      },
    });
    t.throws(() => predicting(undefined as never, [1]), { code: 'ERR_NO_MODEL', message: /got undefined/ });
  }
  for (const given of [undefined, 5])
    t.throws(() => predict(result.model, given as never), {
      code: 'ERR_ROWS_SHAPE',
      message: new RegExp(`but got ${given}\\.$`),
    });
  t.throws(() => loadModel(5 as never), {
    code: 'ERR_OPTION_VALUE',
    message: /^The model must be the path of a file/,
  });
});
