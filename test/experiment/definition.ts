/** A right definition to spoil, and the faults of a spoilt one. */
import { checkDefinition } from '../../src/experiment/check.ts';
import type { NetworkInput as ExperimentInput } from '../../src/experiment/schema.ts';

export const right = {
  name: 'small',
  data: { source: 'mnist', train: [0, 100], validation: [100, 200], test: [0, 50] },
  model: { hidden: [20] },
  training: { epochs: 5 },
  space: { learningRate: [0.1, 0.01], batchSize: [10, 100] },
} satisfies ExperimentInput;

/** The faults that a definition is refused for, line by line; none where it is right. */
export function faultsOf(definition: unknown): string[] {
  try {
    checkDefinition(definition, 'small.yaml');
    return [];
  } catch (error) {
    const lines = (error as Error).message.split('\n');
    return lines.slice(1).map((line) => line.trim());
  }
}
