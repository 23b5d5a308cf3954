import t from 'tap';
import {
  classify,
  classOf,
  firstRows,
  mostScored,
  unclassified,
} from '../../src/evidence/classified-rows.ts';

t.test('the class is the one with the highest output, the first of equals', async (t) => {
  t.equal(classOf(Float64Array.of(0.1, 0.7, 0.7, 0.2)), 1);
  t.equal(classOf(Float64Array.of(0.9)), 0);
});

t.test('of two classes a score is the share in both, of more the output itself', async (t) => {
  const two = unclassified(3, 2);
  t.equal(classify(two, 1, Float64Array.of(0.25, 0.75)), 1);
  classify(two, 2, Float64Array.of(0.5, 0.25));
  t.same(firstRows(two, 2), {
    predicted: Uint8Array.of(0, 1),
    confidence: Float32Array.of(0, 0.75),
    scores: [Float32Array.of(0, 0.25), Float32Array.of(0, 0.75)],
  });
  t.equal(two.scores?.[0]?.[2], Math.fround(2 / 3), 'sigmoids need not add up to 1');
  classify(two, 2, Float64Array.of(0, 0));
  t.same([two.scores?.[0]?.[2], two.scores?.[1]?.[2]], [0, 0], 'of nothing each has nothing');
  const three = unclassified(1, 3);
  classify(three, 0, Float32Array.of(0.5, 0.25, 0.5));
  t.same(
    three.scores,
    [[0.5], [0.25], [0.5]].map((column) => Float32Array.from(column)),
  );
});

t.test('more classes than anybody reads have no scores', async (t) => {
  t.equal(unclassified(1, mostScored + 1).scores, undefined);
  t.equal(unclassified(1, mostScored).scores?.length, mostScored);
});
