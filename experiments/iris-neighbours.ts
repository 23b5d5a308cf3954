// A library from npm as it is: ml-knn's nearest neighbours on iris, how many of them and how measured, by leaving ten rows out.
//   npm run coresweep -- run experiments/iris-neighbours.ts
import { readFileSync } from 'node:fs';
import { defineExperiment } from 'coresweep';
import KNN from 'ml-knn';

export default defineExperiment({
  name: 'iris neighbours',
  space: {
    neighbours: [1, 3, 5, 7, 9, 11, 15, 21, 31],
    distance: ['euclidean', 'manhattan', 'chebyshev'],
  },
  metrics: { accuracy: 'maximise' },
  search: { result: 'last' },
  async objective({ params, report }) {
    const distance = distances[params.distance];
    let right = 0;
    for (let fold = 0; fold < folds; fold++) {
      const isTest = (_: unknown, row: number) => row % folds === fold;
      const isTraining = (_: unknown, row: number) => row % folds !== fold;
      const options = { k: params.neighbours, distance };
      const model = new KNN(flowers.filter(isTraining), species.filter(isTraining), options);
      const wanted = species.filter(isTest);
      right += model.predict(flowers.filter(isTest)).filter((found, at) => found === wanted[at]).length;
      await report(fold + 1, { accuracy: right / (((fold + 1) * flowers.length) / folds) });
    }
  },
});

const folds = 15;

/** The library's tree hands rows over as objects with numbers for keys. */
type Row = ArrayLike<number>;

const distances = {
  euclidean: (one: Row, other: Row) => Math.sqrt(sum(gaps(one, other).map((gap) => gap * gap))),
  manhattan: (one: Row, other: Row) => sum(gaps(one, other)),
  chebyshev: (one: Row, other: Row) => Math.max(...gaps(one, other)),
};

const gaps = (one: Row, other: Row): number[] =>
  Array.from({ length: 4 }, (_, at) => Math.abs((one[at] as number) - (other[at] as number)));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const table = readFileSync(new URL('data/iris.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','));
const flowers = table.map((cells) => cells.slice(0, -1).map(Number));
const species = table.map((cells) => cells.at(-1) as string);
