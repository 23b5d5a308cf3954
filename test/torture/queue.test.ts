import t from 'tap';
import { short } from './short.ts';

await short(t, 'queue');
await short(t, 'queue-kills');
