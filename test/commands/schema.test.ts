import t from 'tap';
import { experimentJsonSchema } from '../../src/experiment/schema.ts';
import { typed } from './command-line.ts';

t.test('schema prints the JSON Schema and nothing else', async (t) => {
  const { exitCode, out, err } = await typed('schema');
  t.equal(exitCode, 0);
  t.same(JSON.parse(out), JSON.parse(JSON.stringify(experimentJsonSchema())));
  t.equal(err, '');
});

t.test('schema takes no argument', async (t) => {
  t.match(await typed('schema', 'x'), { exitCode: 2, out: '', err: /^"x" is one argument too many/ });
});
