import t from 'tap';
import { misfit } from '../../src/queue/misfit.ts';
import { protocol } from '../../src/queue/protocol.ts';

const hash = 'ab'.repeat(32);
const worker = {
  ...{ protocol, version: '0.1.0', id: 'a#1', host: 'a', pid: 1, node: '24.0.0', threads: 2 },
  ...{ arithmetic: hash, objectives: [{ name: 'ridge.ts', hash }] },
};
const study = {
  ...{ protocol, version: '0.1.0', id: '0123456789abcdef', name: 'paper', host: 'b', publicKey: '' },
  service: { kind: 'network', hash },
} as const;

t.test(
  'a worker serves a run of its protocol, version and arithmetic, or whose objective it allows',
  async (t) => {
    t.equal(misfit(worker, study), undefined);
    t.equal(misfit(worker, { ...study, service: { kind: 'objective', hash } }), undefined);
  },
);

t.test('one that cannot is told why and what to do, with both versions', async (t) => {
  const other = 'cd'.repeat(32);
  t.match(
    misfit({ ...worker, protocol: 9 }, { ...study, version: '0.2.0' }),
    /version 9 .*coresweep 0\.1\.0.* version 1 .*coresweep 0\.2\.0.*Install/,
  );
  t.match(misfit(worker, { ...study, version: '0.1.1' }), /coresweep 0\.1\.0.* coresweep 0\.1\.1.*Install/);
  t.match(misfit({ ...worker, arithmetic: other }, study), /cdcdcdcdcdcd.*abababababab.*Install/);
  t.match(
    misfit(worker, { ...study, service: { kind: 'objective', hash: other } }),
    /cdcdcdcdcdcd.*ridge\.ts abababababab.*--allow/,
  );
  t.match(
    misfit({ ...worker, objectives: [] }, { ...study, service: { kind: 'objective', hash } }),
    /\(none\)/,
  );
});
