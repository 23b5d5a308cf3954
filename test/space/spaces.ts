/** Spaces that several tests search. */
import { type SpaceDefinition, spaceOf } from '../../src/space/definition.ts';

/** Two levels of conditions, one of them for two values of its parent; 5 x 2 + 1 x 2 points. */
export const conditional: SpaceDefinition = {
  degree: { int: [1, 2], when: { solver: 'qr' } },
  solver: ['lu', 'qr', 'svd'],
  flag: { choice: [false, true] },
  weight: { float: [0.1, 0.3], step: 0.1, when: { solver: ['qr', 'svd'] } },
};

export const conditionalSpace = spaceOf(conditional);
