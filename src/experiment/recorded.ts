/** The definition of a recorded run, read as today's would be. Not here: whether it is what was recorded (store). */
import { errors } from '../errors.ts';
import { spaceOf } from '../space/definition.ts';
import type { Space } from '../space/space.ts';
import { completed } from './completed.ts';
import { type Experiment, type ObjectiveExperiment, shapeOf } from './schema.ts';

export interface Recorded {
  readonly id: number;
  /** JSON. */
  readonly definition: string;
}

/** The value that the recorded text holds. @throws ERR_RECORD_DAMAGED where it is not JSON */
export function recordedJson({ id, definition }: Recorded): unknown {
  try {
    return JSON.parse(definition);
  } catch (error) {
    throw errors.definitionDamaged(id, error);
  }
}

/** Undefined for one that another version of coresweep has written differently. */
export function recordedDefinition(run: Recorded): Experiment | undefined {
  const definition = recordedJson(run);
  const { data } = shapeOf(definition).safeParse(definition);
  return data && completed(data);
}

/** The space of a recorded run; undefined where its definition cannot be read. */
export function recordedSpace(run: Recorded): Space | undefined {
  const experiment = recordedDefinition(run);
  return experiment && spaceOf(experiment.space);
}

/** The definition of a recorded run of an objective; undefined for a network, and for one that cannot be read. */
export function recordedObjective(run: Recorded): ObjectiveExperiment | undefined {
  const experiment = recordedDefinition(run);
  return experiment?.objective === undefined ? undefined : experiment;
}
