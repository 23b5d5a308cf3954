/**
 * Loads a file of the bundle together with what Node's engine made of it in a process before. Node's own compile cache knows what is
 * compiled at once; functions that are compiled when they are first called took a fifth of a start.
 * Not here: what is in the files. bundle.ts lays a copy of this one beside them.
 */
const { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } =
  process.getBuiltinModule('node:fs');
const { createRequire } = process.getBuiltinModule('node:module');
const { fileURLToPath } = process.getBuiltinModule('node:url');
const { cachedDataVersionTag } = process.getBuiltinModule('node:v8');
const { Script } = process.getBuiltinModule('node:vm');
const { crc32 } = process.getBuiltinModule('node:zlib');

/** Of the checksum behind what is kept: the engine looks at its length and its beginning alone, and ends where the rest is damaged. */
const checkBytes = 4;

/**
 * @param name of the file beside this one, without .cjs @param meta import.meta of the module that stands for it
 * @returns what the file exports, and how to keep what is compiled of it by then, where nothing was kept that serves
 */
export function loadBundled(name, meta) {
  const filename = fileURLToPath(new URL(`./${name}.cjs`, import.meta.url));
  // The engine refuses what another version has made, or this one for another processor or under other flags.
  const maker = cachedDataVersionTag();
  const kept = `${filename}-${maker}`;
  const cachedData = soundBytes(kept);
  // The bundle is ASCII: read as such, it takes a byte a character.
  const code = `(function (exports, require, module, bundleMeta, bundleImport) {${readFileSync(filename, 'latin1')}\n})`;
  const script = new Script(code, { filename, cachedData });
  const module = { exports: {} };
  const load = script.runInThisContext();
  load(module.exports, createRequire(filename), module, meta, (specifier) => import(specifier));
  const isKept = cachedData !== undefined && !script.cachedDataRejected;
  const keep = () => {
    // --wide-vectors sets a flag after this file is loaded: no run would find what is made under it.
    if (!isKept && cachedDataVersionTag() === maker) write(kept, script.createCachedData());
  };
  return { exports: module.exports, keep };
}

function soundBytes(file) {
  try {
    const all = readFileSync(file);
    const bytes = all.subarray(0, -checkBytes);
    return all.readUInt32LE(bytes.length) === crc32(bytes) ? bytes : undefined;
  } catch {
    // There is none, or less than a checksum.
    return undefined;
  }
}

/** On the disk before it has its name, so that nobody finds a part of it. */
function write(file, bytes) {
  const check = Buffer.alloc(checkBytes);
  check.writeUInt32LE(crc32(bytes));
  try {
    const unfinished = `${file}-${process.pid}`;
    const descriptor = openSync(unfinished, 'w');
    for (const part of [bytes, check]) writeSync(descriptor, part);
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(unfinished, file);
  } catch {
    // A folder that cannot be written: it goes on as it is.
  }
}
