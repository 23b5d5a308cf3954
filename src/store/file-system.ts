/** What kind of file system a folder is on, as far as SQLite must know. */
import { statfsSync } from 'node:fs';

/** File systems whose locks or shared memory cannot be relied on between machines (statfs's f_type on Linux). */
const shared: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
  [0x786f4256, 'VirtualBox'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x013111a8, 'IBRIX'],
  [0x19830326, 'BeeGFS'],
]);

/** The name of the network or shared file system that `type` is; undefined for one of this machine's own. */
export const sharedFileSystem = (type: number): string | undefined => shared.get(type >>> 0);

/** statfs's type of the file system that holds `folder`. */
export const fileSystemType = (folder: string): number => statfsSync(folder).type;
