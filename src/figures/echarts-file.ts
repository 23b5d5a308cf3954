/**
 * The one file of ECharts, for Node and for browsers: in coresweep's package a bundle of the parts in use, which
 * tools/build.ts makes; in this repository, where nothing is built, all of ECharts. Not here: loading it.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const bundle = join(import.meta.dirname, '../echarts.mjs');

export const echartsFile: string = existsSync(bundle)
  ? bundle
  : createRequire(import.meta.url).resolve('echarts/dist/echarts.esm.min.mjs');
