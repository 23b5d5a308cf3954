import t from 'tap';
import { rowsAs } from '../../src/terminal/rows.ts';
import type { Params } from '../../src/trial.ts';
import { Groups, labelsOf, parameterColumns, parametersOf } from '../../src/words/parameters.ts';

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

t.test('a list among the parameters is a list in JSON, and JSON text in CSV', async (t) => {
  const rows = [{ hidden: [[64, 32]] }, {}];
  const columns = parameterColumns<Params>(rows, (params) => params);
  t.same(JSON.parse(rowsAs('json', columns, rows)), [{ hidden: [[64, 32]] }, { hidden: null }]);
  t.equal(rowsAs('csv', columns, rows), 'hidden\r\n"[[64,32]]"\r\n');
});

t.test('groups are told from each other, also where their parameter has a long name', async (t) => {
  const rows = [1, '1'].map((value) => ({ params: { aParameterWhoseNameNeverComesToAnEnd: value } }));
  const groups = new Groups(rows);
  const names = rows.map((row) => groups.nameOf(row));
  t.match(names[0], /^a parameter whose name.*… 1$/);
  t.match(names[1], /… "1"$/);
});
