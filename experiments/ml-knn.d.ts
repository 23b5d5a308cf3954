/** What iris-neighbours.ts uses of ml-knn 3.0.0, which comes without types. */
declare module 'ml-knn' {
  export default class KNN<Label> {
    constructor(
      inputs: readonly (readonly number[])[],
      labels: readonly Label[],
      options?: { k?: number; distance?: (one: ArrayLike<number>, other: ArrayLike<number>) => number },
    );
    predict(inputs: readonly (readonly number[])[]): Label[];
  }
}
