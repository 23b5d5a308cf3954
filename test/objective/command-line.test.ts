import t from 'tap';
import { commandLine } from '../../src/objective/command-line.ts';

/** As W&B writes it. */
const dollar = (name: string) => `$\{${name}}`;

const params = { rate: 1e-7, hidden: [64, 32], name: 'a b', on: true, off: false };

t.test('words without macros stay as they are', async (t) => {
  t.same(commandLine(['sh', '-c', 'echo {args}', dollar('PATH'), '{constructor}'], params), [
    'sh',
    '-c',
    'echo {args}',
    dollar('PATH'),
    '{constructor}',
  ]);
});

t.test('args are --name=value each, in the order of the space', async (t) => {
  const words = ['x', '--rate=1e-7', '--hidden=[64,32]', '--name=a b', '--on=true', '--off=false', 'y'];
  t.same(commandLine(['x', '{args}', 'y'], params), words);
  t.same(commandLine(['x', dollar('args'), 'y'], params), words);
});

t.test('the other macros are those of W&B', async (t) => {
  t.same(commandLine(['{args_no_hyphens}'], { a: 1, b: 'c' }), ['a=1', 'b=c']);
  t.same(commandLine([dollar('args_no_boolean_flags')], { a: 1, on: true, off: false }), ['--a=1', '--on']);
  t.same(commandLine([dollar('args_json')], params), [JSON.stringify(params)]);
});

t.test('a Python program is given True and False, and lists as Python writes them', async (t) => {
  t.same(commandLine(['{args}'], { on: true, off: false, list: [1, 'a', true] }, 'python'), [
    '--on=True',
    '--off=False',
    "--list=[1, 'a', True]",
  ]);
  t.same(commandLine(['{args}'], { list: ["it's", '\\'] }, 'python'), [String.raw`--list=['it\'s', '\\']`]);
  // As CPython's repr() of the same list.
  t.same(commandLine(['{args}'], { list: ['a\nb\tc\rd', '\0\x1b\x7f\x85', 'é'] }, 'python'), [
    String.raw`--list=['a\nb\tc\rd', '\x00\x1b\x7f\x85', 'é']`,
  ]);
});
