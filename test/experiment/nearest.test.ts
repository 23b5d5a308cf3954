import t from 'tap';
import { nearest } from '../../src/experiment/nearest.ts';

const known = ['learningRate', 'batchSize', 'db'];

t.test('a name with a slip or in other letters is understood', async (t) => {
  t.equal(nearest('learnigRate', known), 'learningRate');
  t.equal(nearest('BATCHSIZE', known), 'batchSize');
  t.equal(nearest('bd', known), undefined, 'two letters that both differ');
  t.equal(nearest('dbs', known), 'db');
  t.equal(nearest('learn', known), 'learningRate', 'its beginning');
});

t.test('a name unlike all others is not guessed at', async (t) => {
  t.equal(nearest('momentum', known), undefined);
  t.equal(nearest('q', known), undefined);
  t.equal(nearest('x', []), undefined);
});
