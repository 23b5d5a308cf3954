import t from 'tap';
import { apartFrom, hostOf } from '../src/machine.ts';

const machine = (name: string, isThere = true) => ({
  ...{ name, firstThread: 0, threads: 1, from: 0 },
  end: isThere ? undefined : ({ at: 1, how: 'lost' } as const),
});

t.test('workers of one computer share its host', async (t) => {
  t.equal(hostOf('alpha#12-ab3c'), 'alpha');
  t.equal(hostOf('alpha'), 'alpha');
});

t.test('whoever is to do it again is on another host, where one is there', async (t) => {
  const [one, two, other] = [
    machine('alpha#1-aaaa'),
    machine('alpha#2-bbbb'),
    machine('beta#1-cccc'),
  ] as const;
  const lost = machine('beta#2-dddd', false);
  t.same(apartFrom('alpha#1-aaaa', [one, two, other]), { kind: 'machines', avoid: 'alpha' });
  t.same(apartFrom('alpha#1-aaaa', [one, two, lost]), { kind: 'workers', avoid: 'alpha#1-aaaa' });
  t.equal(apartFrom('alpha#1-aaaa', [one, lost]), undefined);
});
