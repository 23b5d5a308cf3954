import t from 'tap';
import { short } from './short.ts';

t.setTimeout(300_000);
await short(t, 'queue');
await short(t, 'queue-kills');
