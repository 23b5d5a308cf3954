import t from 'tap';
import { caught, faultySource, plantedFaults } from './planted.ts';
import { short } from './short.ts';
import { withoutStrace } from './suite.ts';

await short(t, 'disk-errors');
await short(t, 'small-disk');
await short(t, 'lost-permission');
await short(t, 'power-cuts');

t.test('every planted fault still finds the line that it changes', async (t) => {
  for (const fault of plantedFaults) t.doesNotThrow(() => faultySource(fault), fault.what);
});

const noStrace = withoutStrace() ?? false;

t.test(
  'a model file that is renamed before its bytes are on the disk is caught',
  { skip: noStrace },
  async (t) => {
    const planted = plantedFaults.find(({ what }) => what.startsWith('a file is renamed before'));
    if (planted === undefined) throw new Error('There is no such planted fault.');
    t.match(await caught(planted), /bestmodel\.json/);
  },
);
