/** The page as a file that loads nothing: its head with the policy that forbids it, style, script and the sections. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { darkTheme, lightTheme, themeVariables } from '../figures/theme.ts';
import type { TipList } from './figure-card.ts';
import { type Html, html, trusted } from './html.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** What stands around the sections. */
export interface Frame {
  readonly name: string;
  readonly lead: string;
  readonly tiles: readonly Html[];
  readonly foot: string;
}

export function pageFrame(
  { name, lead, tiles, foot }: Frame,
  sections: readonly Section[],
  tips: readonly TipList[],
): string {
  const style = [
    `:root { ${themeVariables(lightTheme)} --page: #f5f6f8; }`,
    // Paper is light, whatever the screen is.
    `@media screen and (prefers-color-scheme: dark) { :root:not([data-theme='light']) { ${themeVariables(darkTheme)} --page: #0e1014; } :root:not([data-theme='light']) .pictures img { filter: invert(1); } }`,
    `@media screen { :root[data-theme='dark'] { ${themeVariables(darkTheme)} --page: #0e1014; color-scheme: dark; } :root[data-theme='dark'] .pictures img { filter: invert(1); } }`,
    `:root[data-theme='light'] { color-scheme: light; }`,
    readFileSync(new URL('./report.css', import.meta.url), 'utf8'),
  ].join('\n');
  const script = readFileSync(new URL('./report.js', import.meta.url), 'utf8');
  // Only this style and this script; no other, no form, no base, nothing from outside.
  const policy = `default-src 'none'; img-src data:; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="coresweep">
<title>${name}: coresweep report</title>
<style>${trusted(style)}</style>
</head>
<body>
<header class="top"><div class="column">
<p class="eyebrow">coresweep report</p>
<h1>${name}</h1>
<p class="lead">${lead}</p>
<button type="button" hidden>Dark colours</button>
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</div></header>
<main class="column">
<ul class="tiles">${tiles}</ul>
${sections.map(({ body }) => body)}
</main>
<footer><div class="column">${foot} This file is complete: it loads nothing and sends nothing.</div></footer>
<script type="application/json" id="tips">${trusted(jsonInHtml(tips))}</script>
<script>${trusted(script)}</script>
</body>
</html>`.html
  }\n`;
}

const hashOf = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;

/** JSON that holds no tag, whatever it says. */
const jsonInHtml = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
