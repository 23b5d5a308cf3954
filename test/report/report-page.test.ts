import { createHash } from 'node:crypto';
import t from 'tap';
import { findingsOf } from '../../src/findings/findings.ts';
import { plotFiles } from '../../src/report/plot-files.ts';
import { reportPage } from '../../src/report/report-page.ts';
import type { Trial } from '../../src/trial.ts';
import { definition, experiment, resultsOf, trial } from '../findings/example-results.ts';
import { row, trialByLoss } from '../findings/sample-trials.ts';

const trials = Array.from({ length: 12 }, (_, i) => trial(i + 1));
const final = trial(99, { role: 'final', number: 1 });

async function pageOf(all: readonly Trial[], changes = {}, more = {}): Promise<string> {
  const results = resultsOf(all, more);
  return reportPage(await findingsOf({ results, experiment: experiment(changes), database: 'x/results.db' }));
}

/** What a reader sees: the page without its style and script. */
const bodyOf = (page: string): string => page.replace(/<(style|script)\b.*?<\/\1>/gs, '');

t.test('the report holds every part of the experiment, and loads nothing', async (t) => {
  const spans = [{ trialId: 1, session: 1, thread: 0, from: 0, to: 2 }];
  const page = await pageOf([...trials, final], {}, { spans });
  for (const title of [
    'Leaderboard',
    'The search',
    'Parameters',
    'The final model',
    'Time',
    'How it was made',
  ])
    t.match(page, `>${title}</h2>`);
  for (const name of [
    'phase1-accuracy-curve',
    'phase1-learning-curve',
    'heat-map',
    'parameter-effects',
    'parallel-coordinates',
    'phase2-accuracy-curve',
    'published',
    'time-line',
  ])
    t.match(page, `<figure class="card" id="${name}">`);
  t.notMatch(page, /(?:src|href)="(?!#|data:)/, 'no address but anchors and pictures in place');
  t.notMatch(page, /url\((?!#)|@import/);
  t.notMatch(page.replace(/xmlns(?::\w+)?="[^"]*"/g, ''), /https?:/);
});

t.test('its policy allows the one style and the one script that it has', async (t) => {
  const page = await pageOf(trials);
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
  t.match(policy, "default-src 'none'; img-src data:; ");
  t.notMatch(policy, 'unsafe');
  for (const [tag, directive] of [
    ['style', 'style-src'],
    ['script', 'script-src'],
  ] as const) {
    const inline = [...page.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))];
    t.equal(inline.length, 1);
    const hash = createHash('sha256')
      .update(inline[0]?.[1] ?? '')
      .digest('base64');
    t.match(policy, `${directive} 'sha256-${hash}'`);
  }
  t.notMatch(
    page,
    / style="| on\w+="/,
    'no style and no script in attributes, which the policy would refuse',
  );
});

t.test('names and reasons are text, whatever they hold', async (t) => {
  const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)> "\' & \u001b[31m \u202e';
  const failed: Trial = trial(13, { state: 'failed', code: 'ERR', reason: hostile } as Partial<Trial>);
  const page = await pageOf([...trials, failed], {
    name: hostile,
    definition: JSON.stringify({ ...definition, name: hostile }),
  });
  t.notMatch(page, '<script>alert');
  t.notMatch(page, '<img src=x');
  t.notOk(page.includes('\u001b') || page.includes('\u202e'));
  t.equal(page.split('</script>').length, 3, 'the tips and the script, no other');
  t.match(page, '&#60;script&#62;alert(1)');
  for (const { content } of await plotFiles(
    await findingsOf({
      results: resultsOf(trials),
      experiment: experiment({ name: hostile }),
      database: 'x/results.db',
    }),
    'svg',
  )) {
    t.notMatch(content, /<script|<img/);
    t.notOk(String(content).includes('\u001b'));
  }
});

t.test('parameters that are words begin at the left, those that are numbers end at the right', async (t) => {
  const activated = trials.map((one) => ({
    ...one,
    params: { ...one.params, activation: one.number % 2 === 0 ? 'tanh' : 'relu' },
  }));
  const page = await pageOf(activated);
  t.match(page, '<th scope="col" class="text">activation</th>');
  t.match(page, '<td class="text">relu</td>');
  t.match(page, '<th scope="col">learning rate</th>');
});

t.test('parts of the page are called what no other is called', async (t) => {
  const page = await pageOf(trials);
  const headings = [...page.matchAll(/<h2 id="[^"]*">([^<]*)</g)].map(([, text]) => text);
  const labels = [...page.matchAll(/role="region" aria-label="([^"]*)"/g)].map(([, text]) => text);
  const all = [...headings, ...labels];
  t.ok(labels.length > 3 && headings.length > 3);
  t.equal(new Set(all).size, all.length, all.join('; '));
});

t.test('trials that cannot be told from the winner are marked', async (t) => {
  // In the example, each two trials differ in two rows only: chance alone.
  const page = await pageOf(trials);
  t.equal(page.split('title="not distinguishable from the winner">≈').length - 1, 11);
  t.match(page, /94\.00.%<\/td><td class="text">86\.\d\d to 97\.\d\d.%</);
});

t.test('an experiment without a finished trial is a page that says so', async (t) => {
  const waiting = trial(1, { state: 'waiting' } as Partial<Trial>);
  const page = await pageOf([waiting], { state: 'running', seconds: null });
  t.match(page, 'None yet');
  t.match(await pageOf([], { state: 'done' }), /Winner<.*>None<.*no trial is done</);
  t.match(page, 'not finished yet');
  t.match(page, '>waiting</td>');
  t.notMatch(bodyOf(page), /NaN|Infinity|undefined/);
  t.match(await pageOf([]), '<h1>example</h1>');
});

t.test('one trial, diverged trials and a definition of another version are all reported', async (t) => {
  t.notMatch(await pageOf(trials.slice(0, 1)), /NaN|Infinity|>undefined/);
  const diverged = [1, 2].map((number) => trial(number, { state: 'diverged', step: 3 } as Partial<Trial>));
  const page = await pageOf(diverged);
  t.match(page, 'diverged at epoch 3');
  t.match(page, 'id="phase1-accuracy-curve"', 'their finite epochs are drawn');
  const old = await pageOf(trials, { definition: '{"name":"old"}' });
  t.match(old, '<h1>example</h1>');
  t.notMatch(old, /NaN|Infinity/);
});

t.test('the best fifty trials stand before the figures, the rest is folded', async (t) => {
  const many = Array.from({ length: 60 }, (_, i) =>
    trial(i + 1, { params: { learningRate: 0.1, batchSize: i + 1 } }),
  );
  const page = bodyOf(await pageOf(many));
  const [open = '', folded = ''] = page
    .slice(page.indexOf('<tbody>'), page.indexOf('id="search"'))
    .split('<details>');
  const rows = (text: string) => text.split('<tr').length - 1;
  t.equal(rows(open), 50);
  t.match(folded, /^<summary>10 more trials<\/summary>/);
  t.equal(rows(folded), 11, 'under a head of their own');
  t.notMatch(bodyOf(await pageOf(trials)), '<details><summary>0');
});

t.test('ten thousand trials of a hundred epochs stay a small page', async (t) => {
  const many = Array.from({ length: 10_000 }, (_, i) =>
    trial(i + 1, { params: { learningRate: (1 + (i % 100)) / 1000, batchSize: 1 + Math.floor(i / 100) } }),
  );
  const curve = (id: number) =>
    Array.from({ length: 100 }, (_, i) => row(i + 1, 0.9 - 1 / (i + 2 + (id % 7)), 1 / (i + 1 + (id % 7))));
  const spans = many.map(({ id }, i) => ({ trialId: id, session: 1, thread: i % 4, from: i, to: i + 4 }));
  const page = await pageOf(many, {}, { curve, spans });
  t.ok(page.length < 4_000_000, `${page.length} characters`);
  t.match(page, '120 of 10,000 trials are drawn');
  t.match(page, '1,000 of 10,000 trials. All of them');
});

t.test('the same experiment gives the same bytes', async (t) => {
  t.equal(await pageOf([...trials, final]), await pageOf([...trials, final]));
});

t.test('where the loss decides, tiles, table and figures are about the loss', async (t) => {
  const page = bodyOf(await pageOf([...trials, final].map(trialByLoss), { metric: 'validationLoss' }));
  t.match(page, /Best validation loss<\/span> <span class="value">0\.3100<.*?accuracy 94\.00.%, 95.%:/s);
  t.match(page, /Test loss<\/span> <span class="value">/);
  t.notMatch(page, 'Best validation accuracy');
  t.match(page, /validation loss<\/th>\s*<th scope="col">validation accuracy/);
  t.match(page, 'validation loss at the best epoch, the lower the better: a dot a trial');
  t.match(page, 'The best epoch of each trial by validation loss');
});

t.test('with replicates the report is about combinations, and says how they are judged', async (t) => {
  const twice = trials.flatMap((one, i) => [one, { ...one, id: 50 + i, number: 50 + i, replicate: 1 }]);
  const page = bodyOf(await pageOf(twice));
  t.match(page, /Best mean validation accuracy<.*?2 replicates, standard deviation 0\.00.%/s);
  t.match(page, 'aria-label="Combinations"');
  t.match(page, 'ranked by the mean of its replicates');
  t.match(page, '<summary>Each replicate</summary>');
});

t.test('a reader who is no statistician is told what the columns mean', async (t) => {
  const page = bodyOf(await pageOf(trials));
  for (const term of ['Search and final training', 'Best epoch', 'p against winner', '≈'])
    t.match(page, `<dt>${term}</dt><dd>`);
});

t.test('the leaderboard says whose copy a trial is', async (t) => {
  const results = { ...resultsOf(trials), copies: () => new Map([[12, 7]]) };
  const page = await reportPage(
    await findingsOf({ results, experiment: experiment(), database: 'x/results.db' }),
  );
  t.match(page, /<th scope="col">trial<\/th><th scope="col">copy of<\/th>.*<td>12<\/td><td>7<\/td>/s);
  t.notMatch(await pageOf(trials), 'copy of');
});
