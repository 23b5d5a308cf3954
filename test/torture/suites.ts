import { cutOff } from './cut-off.ts';
import { firstProcess } from './first-process.ts';
import { hostileCsv } from './hostile-csv.ts';
import { hostileDatabases } from './hostile-databases.ts';
import { hostileDefinitions } from './hostile-definitions.ts';
import { hostileHeaders } from './hostile-headers.ts';
import { hostileModels } from './hostile-models.ts';
import { hostilePng } from './hostile-png.ts';
import { killedSearches } from './killed-searches.ts';
import { chains, kills } from './kills.ts';
import { lostPermission } from './lost-permission.ts';
import { powerCuts } from './power-cuts.ts';
import { queue } from './queue.ts';
import { queueKills } from './queue-kills.ts';
import { signals } from './signals.ts';
import { signalsToVerbs } from './signals-to-verbs.ts';
import { smallDisk } from './small-disk.ts';
import { starts } from './starts.ts';
import type { Suite } from './suite.ts';
import { diskErrors, killsAtCalls } from './system-calls.ts';
import { workers } from './workers.ts';

/** Every suite of `npm run torture`. */
export const suites: Readonly<Record<string, Suite>> = {
  kills,
  chains,
  'killed-searches': killedSearches,
  'kills-at-calls': killsAtCalls,
  'disk-errors': diskErrors,
  'power-cuts': powerCuts,
  'small-disk': smallDisk,
  'first-process': firstProcess,
  'lost-permission': lostPermission,
  queue,
  'queue-kills': queueKills,
  starts,
  signals,
  'signals-to-verbs': signalsToVerbs,
  workers,
  'cut-off': cutOff,
  'hostile-headers': hostileHeaders,
  'hostile-definitions': hostileDefinitions,
  'hostile-models': hostileModels,
  'hostile-databases': hostileDatabases,
  'hostile-csv': hostileCsv,
  'hostile-png': hostilePng,
};
