/**
 * Eigenvectors of symmetric matrices by Jacobi's rotations, always in the same order, so with the same bits everywhere.
 * C. G. J. Jacobi, J. reine angew. Math. 30 (1846) 51; cyclic by rows as in Golub and Van Loan, Matrix Computations, 8.5.
 */

/** A matrix by its rows. */
export type Matrix = readonly Float64Array[];

export interface Eigen {
  /** Not sorted. */
  readonly values: Float64Array;
  /** Eigenvectors as columns. */
  readonly vectors: Matrix;
}

/** Far more than any matrix needs: what is off the diagonal falls quadratically. */
const mostSweeps = 60;

export function eigenvectors(matrix: Matrix): Eigen {
  const n = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const vectors = a.map((_, index) => new Float64Array(n).fill(1, index, index + 1));
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let isDiagonal = true;
    for (let p = 0; p < n - 1; p++)
      for (let q = p + 1; q < n; q++) if (rotate(a, vectors, p, q)) isDiagonal = false;
    if (isDiagonal) break;
  }
  return { values: Float64Array.from(a, (row, index) => row[index] as number), vectors };
}

/** Turns the plane of axes p and q so that a[p][q] becomes 0; false where it is nothing beside the diagonal already. */
function rotate(a: Matrix, vectors: Matrix, p: number, q: number): boolean {
  const at = (row: number, column: number) => a[row]?.[column] as number;
  const set = (row: number, column: number, value: number) => {
    (a[row] as Float64Array)[column] = value;
  };
  const [pp, qq, pq] = [at(p, p), at(q, q), at(p, q)];
  if (pq === 0) return false;
  if (Math.abs(pq) < 1e-17 * Math.sqrt(Math.abs(pp * qq))) {
    set(p, q, 0);
    set(q, p, 0);
    return false;
  }
  const theta = (qq - pp) / (2 * pq);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [at(p, k), at(q, k)];
    set(p, k, cosine * x - sine * y);
    set(q, k, sine * x + cosine * y);
  }
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [at(k, p), at(k, q)];
    set(k, p, cosine * x - sine * y);
    set(k, q, sine * x + cosine * y);
    const row = vectors[k] as Float64Array;
    const [u, v] = [row[p] as number, row[q] as number];
    row[p] = cosine * u - sine * v;
    row[q] = sine * u + cosine * v;
  }
  set(p, q, 0);
  set(q, p, 0);
  return true;
}
