import t from 'tap';
import { short } from './short.ts';

await short(t, 'kills');
await short(t, 'chains');
await short(t, 'kills-at-calls');
await short(t, 'killed-searches');
