import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import t from 'tap';
import { pageAssets } from '../../src/dashboard/assets.ts';
import { pageModules } from '../../src/dashboard/page-modules.ts';
import { filesBelow, importsOf, packageOf, root } from '../source.ts';

const assets = pageAssets();

t.test('every module that the page loads is among its assets, and no other', async (t) => {
  const needed = new Set<string>();
  const follow = (path: string) => {
    if (needed.has(path)) return;
    needed.add(path);
    const body = assets.get(path)?.body.toString('utf8');
    if (body === undefined || path === '/echarts.mjs') return;
    for (const specifier of importsOf(body)) follow(posix.resolve(posix.dirname(path), specifier));
  };
  follow('/dashboard/page/main.ts');
  const modules = [...assets.keys()].filter((path) => /\.m?[jt]s$/.test(path));
  t.same([...needed].sort(), modules.sort());
});

t.test('every module in the folder of the page is one of its modules', async (t) => {
  const inFolder = filesBelow(join(root, 'src/dashboard/page')).filter((name) => name.endsWith('.ts'));
  t.same(
    pageModules.filter((name) => name.startsWith('dashboard/page/')),
    inFolder.map((name) => `dashboard/page/${name}`),
  );
});

t.test('a module is served without types and loads nothing but our own paths', async (t) => {
  for (const name of pageModules) {
    const code = assets.get(`/${name}`)?.body.toString('utf8') ?? '';
    t.notMatch(code, /\bimport type\b|\binterface \w+ \{|\bas const\b/, name);
    t.same(
      importsOf(code).filter((specifier) => packageOf(specifier) !== undefined),
      [],
      name,
    );
  }
});

t.test('the page asks for nothing from elsewhere, and styles or scripts stand in files alone', async (t) => {
  const html = readFileSync(join(root, 'src/dashboard/page/index.html'), 'utf8');
  t.notMatch(html, /https?:|style=|onclick|<style|<script>/);
  const addresses = [...html.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, address]) => address as string);
  t.same(
    addresses.filter((address) => !assets.has(address)),
    [],
  );
  t.notMatch(assets.get('/style.css')?.body.toString('utf8'), /https?:|@import|url\(/);
});
