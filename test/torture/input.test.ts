import t from 'tap';
import { short } from './short.ts';

await short(t, 'cut-off');
await short(t, 'hostile-headers');
await short(t, 'hostile-definitions');
await short(t, 'hostile-models');
await short(t, 'hostile-databases');
await short(t, 'hostile-csv');
await short(t, 'hostile-png');
