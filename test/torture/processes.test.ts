import t from 'tap';
import { short } from './short.ts';

await short(t, 'starts');
await short(t, 'signals');
await short(t, 'signals-to-verbs');
await short(t, 'workers');
