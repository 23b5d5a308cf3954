import t from 'tap';
import { labelsOf, parameterColumns, parametersOf } from '../../src/words/parameters.ts';

t.test('a text that looks like another value of its parameter stands in quotes', async (t) => {
  const rows = [1, '1', true, 'lu'].map((kind) => ({ kind }));
  const written = ['1', '"1"', 'true', 'lu'];
  t.same(parametersOf(rows.map((params) => ({ params }))).flatMap(labelsOf), written);
  const [column] = parameterColumns(rows, (params) => params);
  t.same(
    rows.map((row) => column?.text?.(row)),
    written,
  );
});
