/**
 * Values to try that stand where a setting has its one value for all trials: they belong in the space, and the fault says so.
 * Not here: where trials have no settings, because there is an objective.
 */
import { shown } from '../errors.ts';
import { networkSpace } from './schema.ts';
import type { Fault } from './shape-faults.ts';
import { isRecord, type Part } from './shapes.ts';

/** What every network's space names, and no other group of a definition has. */
const onlyInSpace: readonly PropertyKey[] = ['learningRate', 'batchSize'];

/** The same fault, in words that lead to the space where it is about values to try. */
export function meantForSpace(fault: Fault, definition: Part): Fault {
  const [first, second] = fault.path;
  if (fault.path.length === 1 && onlyInSpace.includes(String(first)))
    return belongs(fault.path, String(first), definition[String(first)]);
  if ((first !== 'model' && first !== 'training') || second === undefined) return fault;
  const name = String(second);
  const given = isRecord(definition[first]) ? definition[first][name] : undefined;
  if (onlyInSpace.includes(name)) return belongs([first, name], name, given);
  const values = listIn(given);
  if (!isAxis(name, values)) return fault;
  return {
    path: [first, name],
    message: `is one value for all trials, but got ${shown(given)}: to try several, write space.${name}: ${shown(values)}`,
  };
}

/** `5,10`, as YAML and --set have a list without brackets: a text. */
function listIn(given: unknown): unknown {
  if (typeof given !== 'string' || !given.includes(',')) return given;
  const texts = given.split(',').map((text) => text.trim());
  return texts.map((text) => (text === '' || Number.isNaN(Number(text)) ? text : Number(text)));
}

function belongs(path: Fault['path'], name: string, written: unknown): Fault {
  const given = listIn(written);
  const axis = isAxis(name, given) ? given : isAxis(name, [given]) ? [given] : undefined;
  const example = axis === undefined ? 'a list of values to try' : shown(axis);
  return { path, message: `belongs in the space: write space.${name}: ${example}` };
}

const isAxis = (name: string, given: unknown): boolean =>
  given !== undefined && networkSpace[name]?.().safeParse(given).success === true;
