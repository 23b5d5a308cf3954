import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { hypervolume } from '../../src/fronts/hypervolume.ts';
import { randomStream } from '../../src/random.ts';

interface Case {
  readonly name: string;
  readonly points: readonly (readonly number[])[];
  readonly ref: readonly number[];
  readonly expect: { readonly hypervolume: number };
}

const path = join(import.meta.dirname, '..', 'fixtures', 'search', 'hypervolume.json');

t.test('it is what rational arithmetic gives', async (t) => {
  for (const { name, points, ref, expect } of (JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] })
    .cases)
    t.ok(Math.abs(hypervolume(points, ref) - expect.hypervolume) < 1e-12, name);
});

/** Cell by cell of a grid on which all points lie. */
function counted(points: readonly (readonly number[])[], size: number, dimensions: number): number {
  let cells = 0;
  for (let cell = 0; cell < size ** dimensions; cell++) {
    const at = Array.from({ length: dimensions }, (_, axis) => Math.floor(cell / size ** axis) % size);
    if (points.some((point) => point.every((value, axis) => value <= (at[axis] as number)))) cells++;
  }
  return cells;
}

t.test('in any number of dimensions it is the number of cells that some point is at or below', async (t) => {
  for (let round = 0; round < 60; round++) {
    const random = randomStream(1, 'search', round, 0);
    const dimensions = 1 + random.below(5);
    const points = Array.from({ length: random.below(12) }, () =>
      Array.from({ length: dimensions }, () => random.below(7)),
    );
    t.equal(
      hypervolume(points, new Array(dimensions).fill(6)),
      counted(points, 6, dimensions),
      JSON.stringify(points),
    );
  }
});
