/** Imported before all else by the library: an older Node lacks what the code takes for granted, and would fail somewhere in it. */
import { errors } from './errors.ts';
import { isOldNode } from './node-version.ts';

if (isOldNode) throw errors.oldNode(process.versions.node);
