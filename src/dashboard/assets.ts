/**
 * The files of the page, read once at the start: an exact path is in this list or it is not found.
 * Not here: any look at the file system while serving.
 *
 * The page is TypeScript as everything else. Node takes the types out, as it does for its own imports.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { echartsFile } from '../figures/echarts-file.ts';
import { pageModules } from './page-modules.ts';

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
}

/** The package that the page loads, as its modules name it and as they find it. */
const echarts = { name: 'echarts/dist/echarts.esm.min.mjs', path: '/echarts.mjs' } as const;

/**
 * Where the modules are. The package holds them apart from its JavaScript: a compiler would take a .ts file that stands beside a
 * declaration for the declaration, and with it our settings for its user's.
 */
const modulesAt = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, '..')
  : join(import.meta.dirname, 'page/modules');

const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

/** Every file of the page by its path. */
export function pageAssets(): ReadonlyMap<string, Asset> {
  const own = (name: string) => readFileSync(join(import.meta.dirname, 'page', name));
  return new Map([
    ['/', asset('html', Buffer.from(withPreloads(own('index.html').toString('utf8'))))],
    ['/style.css', asset('css', own('style.css'))],
    ['/icon.svg', asset('svg', own('icon.svg'))],
    [echarts.path, asset('js', readFileSync(echartsFile))],
    ...quietly(() =>
      pageModules.map((name) => {
        const source = readFileSync(join(modulesAt, name), 'utf8');
        return [`/${name}`, asset('js', Buffer.from(browserModule(source)))] as const;
      }),
    ),
  ]);
}

/** The page with all of its modules named, so that a browser asks for them at once and not one after the other. */
function withPreloads(html: string): string {
  const paths = [...pageModules.map((name) => `/${name}`), echarts.path];
  const links = paths.map((path) => `<link rel="modulepreload" href="${path}">`);
  return html.replace('<!-- modules -->', links.join('\n    '));
}

/** A module as browsers read it: no types, ECharts by its path here. */
const browserModule = (source: string): string =>
  stripTypeScriptTypes(source).replaceAll(`'${echarts.name}'`, `'${echarts.path}'`);

/** Without Node's warning that stripTypeScriptTypes may change: nothing that a person at a dashboard could act on. */
function quietly<Answer>(act: () => Answer): Answer {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return act();
  } finally {
    process.emitWarning = emitWarning;
  }
}

const asset = (type: keyof typeof types, body: Buffer): Asset => ({
  type: types[type],
  body,
  etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
});
