import t from 'tap';
import { short } from './short.ts';

t.setTimeout(600_000);
await short(t, 'kills');
await short(t, 'chains');
await short(t, 'kills-at-calls');
