/** Overrides from the command line: `training.epochs=20`, `space.learningRate=0.01,0.1`. */
import { errors } from '../errors.ts';
import { parseText } from './parse.ts';

/**
 * A copy of the definition with one value set; the given one stays as it is, for it may be a module's export.
 * The value is YAML; where a list stands, or on an axis, `a,b` is a list of two.
 * @throws ERR_OVERRIDE where it is not `path=value`, or the path leads through something without keys
 */
export function overridden(definition: unknown, override: string): unknown {
  const refuse: Refuse = (reason, cause) => {
    throw errors.override(override, reason, cause);
  };
  const [, path, text] = /^([^=]*)=(.*)$/s.exec(override) ?? [];
  if (path === undefined || text === undefined) return refuse('there is no "="');
  const keys = path.split('.').map((key) => key.trim());
  if (keys.includes('')) refuse('a key is empty');
  if (keys.length > maxKeys) refuse(`its path has ${keys.length} keys, and no definition is so deep`);
  if (keys.includes('__proto__')) refuse('"__proto__" is no key');
  const isAxis = keys.length === 2 && keys[0] === 'space';
  return withValue(definition, keys, 'the definition', refuse, (old) =>
    parsed(text, isAxis || Array.isArray(old), refuse),
  );
}

/** Deeper than any definition, and not as deep as a stack. */
const maxKeys = 100;

type Refuse = (reason: string, cause?: unknown) => never;

/** `place` (called `name` in messages) with another value at the end of `keys`. */
function withValue(
  place: unknown,
  [key, ...rest]: readonly string[],
  name: string,
  refuse: Refuse,
  value: (old: unknown) => unknown,
): unknown {
  if (key === undefined) return value(place);
  const inner = (old: unknown) => withValue(old, rest, JSON.stringify(key), refuse, value);
  if (Array.isArray(place)) {
    const isIndex = /^\d+$/.test(key) && Number(key) < place.length;
    return isIndex
      ? place.with(Number(key), inner(place[Number(key)]))
      : refuse(`${name} is a list of ${place.length}, counted from 0, and has no "${key}"`);
  }
  // YAML reads `final:` with nothing behind it as null.
  const group = place ?? {};
  if (typeof group !== 'object') return refuse(`${name} holds no keys`);
  const old = Object.hasOwn(group, key) ? (group as Record<string, unknown>)[key] : undefined;
  return { ...group, [key]: inner(old) };
}

function parsed(text: string, wantsList: boolean, refuse: Refuse): unknown {
  const isFlow = /^\s*[[{]/.test(text);
  return parseText(wantsList && !isFlow ? `[${text}]` : text, (fault, _, cause) => refuse(fault, cause));
}
