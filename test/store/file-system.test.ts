import t from 'tap';
import { openForWriting } from '../../src/store/database.ts';
import { fileSystemType, sharedFileSystem } from '../../src/store/file-system.ts';

t.test('network file systems are known by their type, local ones are not named', async (t) => {
  t.equal(sharedFileSystem(0x6969), 'NFS');
  t.equal(sharedFileSystem(-11_317_950), 'CIFS', 'some systems report it with a sign');
  t.equal(sharedFileSystem(0xef53), undefined, 'ext4');
  t.equal(sharedFileSystem(0x01021994), undefined, 'tmpfs');
  t.type(fileSystemType(t.testdir()), 'number');
});

t.test('on a network file system there is a remark, and no write-ahead log', async (t) => {
  const path = `${t.testdir()}/results.db`;
  const shared = openForWriting(path, () => 0x6969);
  t.match(shared.remarks, [/NFS/]);
  t.equal(shared.db.pragma('journal_mode', { simple: true }), 'truncate');
  t.equal(shared.db.pragma('synchronous', { simple: true }), 3, 'EXTRA');
  shared.expectInPlace();
  shared.close();
  const local = openForWriting(path, () => 0xef53);
  t.same(local.remarks, []);
  t.equal(local.db.pragma('journal_mode', { simple: true }), 'wal');
  t.equal(local.db.pragma('synchronous', { simple: true }), 2, 'FULL');
  local.close();
});
