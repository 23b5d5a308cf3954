import { spawnSync } from 'node:child_process';
import { hash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { cacheContent, cacheFolder, clearCache, DataCache } from '../../src/queue/data-cache.ts';

const mib = 2 ** 20;

/** Bytes that lie elsewhere, and how often they were fetched from there. */
function faraway(length: number) {
  const bytes = randomBytes(length);
  const parcel = { sha256: hash('sha256', bytes), bytes: length };
  const thing = {
    ...{ bytes, parcel, fetched: 0 },
    fetch: async () => {
      thing.fetched++;
      return bytes;
    },
  };
  return thing;
}

const refuse = (text: string) => {
  throw new Error(text);
};

t.test('what has travelled once is on the disk, also for a worker that is started later', async (t) => {
  const folder = join(t.testdir(), 'not', 'made', 'yet');
  const thing = faraway(3 * mib);
  for (const cache of [new DataCache(folder, 10, refuse), new DataCache(folder, 10, refuse)])
    t.ok(thing.bytes.equals(await cache.through(thing.parcel, thing.fetch)));
  t.equal(thing.fetched, 1);
  t.same(readdirSync(folder), [thing.parcel.sha256], 'no temporary file is left');
  t.same(await cacheContent(folder), { files: 1, bytes: 3 * mib });
});

t.test('a file that is not what its hash says is fetched again, and mended', async (t) => {
  const folder = t.testdir();
  const thing = faraway(mib);
  const cache = new DataCache(folder, 10, refuse);
  await cache.through(thing.parcel, thing.fetch);
  const path = join(folder, thing.parcel.sha256);
  const spoilt = Buffer.from(thing.bytes);
  spoilt[5] = ~(spoilt[5] as number);
  for (const content of [spoilt, thing.bytes.subarray(1), Buffer.alloc(0)]) {
    writeFileSync(path, content);
    t.ok(thing.bytes.equals(await cache.through(thing.parcel, thing.fetch)));
    t.ok(thing.bytes.equals(readFileSync(path)));
  }
  t.equal(thing.fetched, 4);
  writeFileSync(path, spoilt);
  await t.rejects(cache.through(thing.parcel, () => Promise.reject(new Error('It is away.'))));
  t.same(readdirSync(folder), [], 'or is at least not kept');
});

t.test('what was of no use for longest goes where there is no room', async (t) => {
  const folder = t.testdir();
  const cache = new DataCache(folder, 3, refuse);
  const [first, second, third] = [faraway(mib), faraway(mib), faraway(1.5 * mib)];
  for (const [age, { parcel, fetch }] of [first, second].entries()) {
    await cache.through(parcel, fetch);
    utimesSync(join(folder, parcel.sha256), 1000 + age, 1000 + age);
  }
  await cache.through(first.parcel, first.fetch);
  await cache.through(third.parcel, third.fetch);
  t.same(readdirSync(folder).sort(), [first.parcel.sha256, third.parcel.sha256].sort());
  t.equal(first.fetched, 1);
});

t.test('what is larger than the limit, or travels within its message, is not kept', async (t) => {
  const folder = t.testdir();
  const thing = faraway(2 * mib);
  for (const limit of [0, 1]) await new DataCache(folder, limit, refuse).through(thing.parcel, thing.fetch);
  await new DataCache(folder, 1, refuse).through({ inline: '' }, thing.fetch);
  t.equal(thing.fetched, 3);
  t.same(readdirSync(folder), []);
});

t.test('several workers at once neither harm each other nor leave anything behind', async (t) => {
  const folder = t.testdir();
  const things = Array.from({ length: 6 }, () => faraway(mib));
  const caches = [1, 2, 3].map(() => new DataCache(folder, 3, refuse));
  const gets = caches.flatMap((cache) =>
    [...things, ...things.toReversed()].map(async ({ bytes, parcel, fetch }) =>
      t.ok(bytes.equals(await cache.through(parcel, fetch))),
    ),
  );
  await Promise.all([...gets, clearCache(folder)]);
  t.ok(readdirSync(folder).every((name) => /^[0-9a-f]{64}$/.test(name)));
});

t.test('a worker that can keep nothing says so once, and goes on', async (t) => {
  const folder = join(t.testdir({ file: '' }), 'file', 'folder');
  const told: string[] = [];
  const cache = new DataCache(folder, 10, (text) => told.push(text));
  const thing = faraway(mib);
  for (let time = 0; time < 2; time++)
    t.ok(thing.bytes.equals(await cache.through(thing.parcel, thing.fetch)));
  t.equal(thing.fetched, 2);
  t.match(told, [/cannot be kept in .*ENOTDIR.* continues without/]);
  t.equal(told.length, 1);
});

t.test('a worker whose disk is full says so once, leaves nothing half, and goes on', async (t) => {
  const folder = t.testdir();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  if (status !== 0) return void t.pass('only root may mount a small tmpfs', { skip: true });
  try {
    const told: string[] = [];
    const cache = new DataCache(folder, 10, (text) => told.push(text));
    for (const thing of [faraway(2 * mib), faraway(3 * mib), faraway(mib / 2)])
      t.ok(thing.bytes.equals(await cache.through(thing.parcel, thing.fetch)));
    t.match(told, [/ENOSPC.* continues without/]);
    t.equal(told.length, 1);
    t.equal(readdirSync(folder).length, 1, 'what there is room for is kept');
  } finally {
    spawnSync('umount', [folder]);
  }
});

t.test(
  'what a killed worker has left half is removed after a day, and other people’s files never',
  async (t) => {
    const folder = t.testdir({ 'old.tmp': 'x', 'new.tmp': 'x', 'notes.txt': 'x' });
    utimesSync(join(folder, 'old.tmp'), 1000, 1000);
    utimesSync(join(folder, 'notes.txt'), 1000, 1000);
    const thing = faraway(mib);
    await new DataCache(folder, 10, refuse).through(thing.parcel, thing.fetch);
    t.same(readdirSync(folder).sort(), ['new.tmp', 'notes.txt', thing.parcel.sha256].sort());
    await clearCache(folder);
    t.same(readdirSync(folder), ['notes.txt']);
  },
);

t.test('it lies where the XDG Base Directory Specification says', async (t) => {
  const home = cacheFolder({});
  t.match(home, /[\\/]\.cache[\\/]coresweep[\\/]data$/);
  t.equal(cacheFolder({ XDG_CACHE_HOME: '' }), home);
  t.equal(cacheFolder({ XDG_CACHE_HOME: 'relative' }), home);
  const given = t.testdirName;
  t.equal(cacheFolder({ XDG_CACHE_HOME: given }), join(given, 'coresweep', 'data'));
  const homeless = join(tmpdir(), 'coresweep', 'data');
  const unknown = () => {
    throw new Error('planted: the user is a number without a home');
  };
  t.equal(cacheFolder({}, unknown), homeless);
  t.equal(
    cacheFolder({}, () => ''),
    homeless,
    'HOME is empty',
  );
  t.equal(cacheFolder({ XDG_CACHE_HOME: given }, unknown), join(given, 'coresweep', 'data'));
  t.same(await cacheContent(join(given, 'nothing')), { files: 0, bytes: 0 });
  mkdirSync(given, { recursive: true });
  t.notOk(existsSync(join(given, 'nothing')), 'looking makes no folder');
});
