/** Spaces to try search methods on. */
import type { Space } from '../../src/space/space.ts';

/** Parameters of every kind, some of which apply only with others. */
export const everyKind: Space = [
  { name: 'rate', parameter: { kind: 'float', min: 1e-5, max: 1, scale: 'log' } },
  { name: 'share', parameter: { kind: 'float', min: -1, max: 0.7, scale: 'linear' } },
  { name: 'dropout', parameter: { kind: 'float', min: 0, max: 0.6, scale: 'linear', step: 0.05 } },
  { name: 'layers', parameter: { kind: 'int', min: 1, max: 8, scale: 'linear', step: 1 } },
  { name: 'batch', parameter: { kind: 'int', min: 16, max: 250, scale: 'linear', step: 16 } },
  { name: 'units', parameter: { kind: 'int', min: 1, max: 1024, scale: 'log', step: 1 } },
  { name: 'shape', parameter: { kind: 'choice', values: [[20], [64, 32]] } },
  { name: 'solver', parameter: { kind: 'choice', values: ['sgd', 'adam', true, 3] } },
  {
    name: 'momentum',
    parameter: { kind: 'float', min: 0, max: 0.99, scale: 'linear' },
    when: { parameter: 'solver', in: ['sgd', 3] },
  },
  {
    name: 'nesterov',
    parameter: { kind: 'choice', values: [false, true] },
    when: { parameter: 'solver', in: ['sgd', 3] },
  },
  {
    name: 'damping',
    parameter: { kind: 'int', min: 0, max: 3, scale: 'linear', step: 1 },
    when: { parameter: 'nesterov', in: [true] },
  },
];

export const numeric: Space = everyKind.slice(0, 6);

/** Everything about it is as small as it can be. */
export const onePoint: Space = [
  { name: 'only', parameter: { kind: 'choice', values: ['this'] } },
  { name: 'one', parameter: { kind: 'int', min: 5, max: 5, scale: 'linear', step: 1 } },
  { name: 'same', parameter: { kind: 'float', min: 2, max: 2, scale: 'linear' } },
  { name: 'power', parameter: { kind: 'float', min: 2, max: 2, scale: 'log' } },
];
