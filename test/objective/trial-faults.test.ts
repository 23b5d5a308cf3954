import t from 'tap';
import { trialFaults } from '../../src/objective/trial-faults.ts';

t.test('why a command ended stands in the first line, and all that it said behind it', async (t) => {
  const python =
    'Traceback (most recent call last):\n  File "x.py", line 1, in <module>\nValueError: planted\n';
  t.equal(
    trialFaults.commandExit(1, python).reason,
    `The command ended with exit code 1: ValueError: planted\nIt said:\n${python.trim()}`,
  );
  const node =
    'file:///x.mjs:1\nthrow new Error("planted");\n^\n\nError: planted\n    at x.mjs:1:7\n\nNode.js v24.21.0\n';
  t.match(
    trialFaults.commandExit(1, node).reason,
    /^The command ended with exit code 1: Error: planted\nIt said:\nfile/,
  );
  t.equal(trialFaults.commandExit(3, 'planted\n').reason, 'The command ended with exit code 3: planted');
  t.equal(trialFaults.commandSignal('SIGSEGV', '').reason, 'The command was ended by SIGSEGV.');
  t.match(trialFaults.commandExit(3, 'x'.repeat(300)).reason, /^.{0,240}x\nIt said:\nx{300}$/);
});

t.test('where something was thrown is told as far as it is code of its author', async (t) => {
  const thrown = new Error('planted');
  thrown.stack = [
    'Error: planted',
    '    at fit (file:///home/a/train.ts:3:7)',
    '    at file:///x/node_modules/coresweep/lib/execute/function-worker.js:67:52',
    '    at AsyncLocalStorage.run (node:internal/async_local_storage/async_context_frame:63:14)',
  ].join('\n');
  t.equal(trialFaults.threw(thrown).reason, 'Error: planted\n    at fit (file:///home/a/train.ts:3:7)');
});
