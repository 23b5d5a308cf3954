import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { isFound } from '../../src/execute/find-program.ts';

t.test('a program is found as the system finds it', async (t) => {
  const folder = t.testdir({ bin: { tool: '#!/bin/sh\n', text: 'no program' }, near: '#!/bin/sh\n' });
  chmodSync(join(folder, 'bin/tool'), 0o755);
  chmodSync(join(folder, 'near'), 0o755);
  mkdirSync(join(folder, 'bin/folder'));
  const path = `/none:${join(folder, 'bin')}`;
  const cases: readonly (readonly [program: string, path: string | undefined, isFound: boolean])[] = [
    ['tool', path, true],
    ['tool', 'bin', true],
    ['tool', '/none', false],
    ['text', path, false],
    ['folder', path, false],
    ['near', path, false],
    ['near', `${path}:`, true],
    ['./near', '/none', true],
    ['bin/tool', undefined, true],
    [join(folder, 'near'), '/none', true],
    ['sh', undefined, true],
    ['tool', undefined, false],
    ['a\0b', path, false],
  ];
  for (const [program, given, expected] of cases)
    t.equal(await isFound(program, folder, given), expected, `${JSON.stringify(program)} in ${given}`);
});
