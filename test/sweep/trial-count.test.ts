import t from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import { trialCount, trialsInAll } from '../../src/sweep/trial-count.ts';

const definition = (search: object) => ({
  ...{ name: 'line', objective: { command: ['./line'] }, metrics: { loss: 'minimise' } },
  space: { x: [1, 2, 3], y: { int: [1, 4] } },
  search,
});
const experimentOf = (search: object) => checkDefinition(definition(search), 'line.json');

t.test('a grid has its points in each replicate, another search as many as it says', async (t) => {
  t.equal(trialCount(experimentOf({ method: 'grid' })), 12);
  t.equal(trialCount(experimentOf({ method: 'grid', replicates: 2 })), 24);
  t.equal(trialCount(experimentOf({ method: 'grid', trials: 5 })), 5);
  t.equal(trialCount(experimentOf({ method: 'tpe', trials: 50, replicates: 2 })), 50);
});

t.test('a recorded run that may go on has those too that are still to be proposed', async (t) => {
  const run = { id: 1, definition: JSON.stringify(experimentOf({ method: 'tpe', trials: 50 })) };
  t.equal(trialsInAll({ ...run, state: 'running' }, 4), 50);
  t.equal(trialsInAll({ ...run, state: 'stopped' }, 4), 50);
  t.equal(trialsInAll({ ...run, state: 'running' }, 60), 60, 'never less than there are');
  t.equal(trialsInAll({ ...run, state: 'done' }, 4), 4, 'nothing comes any more');
  t.equal(trialsInAll({ id: 1, definition: '{"of": "another version"}', state: 'running' }, 4), 4);
});
