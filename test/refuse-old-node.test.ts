import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { root } from './source.ts';

/** A module that makes this Node say that it is another. */
const saysThatItIs = (version: string): string => {
  const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
};

const run = (version: string, ...words: readonly string[]) =>
  spawnSync(process.execPath, ['--import', saysThatItIs(version), ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '--conditions=coresweep-source' },
  });

t.test('an older Node is refused in the same words wherever coresweep is begun with', async (t) => {
  const refusal = 'coresweep needs Node 22.18 or newer, but this is Node 22.17.1. Install a newer one.';
  const caught = '(error) { console.log(error.code, error.message); }';
  for (const [type, how] of [
    ['module', 'await import'],
    ['commonjs', 'require'],
  ]) {
    const words = [`--input-type=${type}`, '-e', `try { ${how}('coresweep'); } catch ${caught}`];
    t.equal(run('22.17.1', ...words).stdout, `ERR_NODE_VERSION ${refusal}\n`, `by ${how}`);
    t.equal(run('22.18.0', ...words).stdout, '', 'and one that is new enough is not');
  }
  const { status, stderr } = run('22.17.1', join(root, 'src/bin.ts'), '--version');
  t.equal(stderr, `${refusal}\n`, 'on the command line');
  t.equal(status, 2);
});
