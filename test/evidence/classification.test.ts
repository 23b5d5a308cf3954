import t from 'tap';
import { type Classified, classification, type Scores } from '../../src/evidence/classification.ts';
import { isNear, scores } from './scores.ts';

const numbers = ({ precision, recall, f1 }: Scores) => [precision, recall, f1];

t.test("precision, recall, F1, ROC-AUC and calibration are scikit-learn's", async (t) => {
  for (const { name, classes, expect, ...rows } of scores.classification) {
    const found = classification({
      ...{ ...rows, scores: rows.scores ?? undefined },
      classes: Array.from({ length: classes }, (_, place) => `class ${place}`),
    });
    const areNear = (got: readonly (number | null)[], wanted: readonly number[], what: string) =>
      t.ok(
        got.length === wanted.length && wanted.every((value, at) => isNear(got[at], value)),
        `${name}: ${what} ${got} is ${wanted}`,
      );
    areNear([found.accuracy], [expect.accuracy], 'accuracy');
    for (const [place, wanted] of expect.each.entries()) {
      const scores = found.classes[place] as (typeof found.classes)[number];
      t.equal(scores.name, `class ${place}`);
      areNear([...numbers(scores), scores.rows], wanted, scores.name);
    }
    areNear(numbers(found.macro), expect.macro, 'macro');
    areNear(numbers(found.weighted), expect.weighted, 'weighted');
    const areas = found.classes.map(({ rocAuc }) => rocAuc);
    if (expect.rocAuc === null)
      t.ok(
        [found.rocAuc, ...areas].every((area) => area === null),
        name,
      );
    else {
      areNear(areas, expect.rocAuc, 'ROC-AUC');
      areNear([found.rocAuc], [expect.rocAuc.reduce((sum, area) => sum + area) / classes], 'their mean');
    }
    t.same(
      found.reliability.map(({ rows }) => rows),
      expect.bins,
      name,
    );
    const filled = found.reliability.filter(({ rows }) => rows > 0);
    areNear(
      filled.map(({ accuracy }) => accuracy),
      expect.accuracyOfBins,
      'accuracy of bins',
    );
    areNear(
      filled.map(({ confidence }) => confidence),
      expect.confidenceOfBins,
      'confidence of bins',
    );
    areNear([found.calibrationError], [expect.calibrationError], 'calibration error');
  }
});

const two: Classified = {
  classes: ['no', 'yes'],
  labels: [0, 0],
  predicted: [0, 0],
  confidence: [0, 1],
  scores: [
    [0.9, 0.8],
    [0.1, 0.2],
  ],
};

t.test('where one class has no rows there is no mean over the curves of all', async (t) => {
  const scores = [0, 1, 2].map((label) => [0, 1].map((row) => (label === row ? 0.75 : 0.125)));
  const said = { labels: [0, 1], predicted: [0, 1], confidence: [0.75, 0.75], scores };
  const { rocAuc, macro, weighted, classes } = classification({ ...said, classes: ['a', 'b', 'none'] });
  t.same(
    classes.map((each) => each.rocAuc),
    [1, 1, null],
  );
  t.same([rocAuc, macro.rocAuc, weighted.rocAuc], [null, null, null]);
});

t.test('a confidence that rounding has put above 1 is one of 1', async (t) => {
  const { reliability } = classification({ ...two, confidence: [1 + 2 ** -23, 1] });
  t.equal(reliability.at(-1)?.rows, 2);
});

t.test('what cannot be told is null: the curve of one class, the accuracy of an empty bin', async (t) => {
  const { rocAuc, reliability, classes } = classification(two);
  t.equal(rocAuc, null);
  t.same(
    reliability.map(({ rows }) => rows),
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    'the ends belong to the outer bins',
  );
  t.match(reliability[4], { rows: 0, confidence: null, accuracy: null });
  t.match(classes[1], { precision: 0, recall: 0, f1: 0, rows: 0 });
});
