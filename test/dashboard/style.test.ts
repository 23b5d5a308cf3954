/** Whether people with weak sight can read the page: contrasts by WCAG 2.2, level AA, of its colours in light and dark. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { root } from '../source.ts';

const style = readFileSync(join(root, 'src/dashboard/page/style.css'), 'utf8');
const [light = '', dark = ''] = style.match(/:root \{.*?\}/gs) ?? [];
const colours = (rule: string) =>
  new Map(
    [...rule.matchAll(/--([\w-]+): (#[\da-f]{6});/g)].map(([, name = '', colour = '']) => [name, colour]),
  );

/** Of sRGB, between 0 and 1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, brighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (brighter + 0.05) / (darker + 0.05);
}

const texts = ['ink', 'quiet', 'accent', 'done', 'running', 'warn', 'bad'];
const grounds = ['surface', 'ground', 'raised', 'accent-soft'];
const lines = ['first', 'second', 'third', 'fourth', ...[1, 2, 3, 4, 5, 6].map((n) => `running-${n}`)];

t.test('text has a contrast of 4.5 to whatever it may stand on, lines of 3', async (t) => {
  t.equal(contrast('#000000', '#ffffff'), 21);
  for (const [theme, rule] of Object.entries({ light, dark })) {
    const all = colours(rule);
    const of = (name: string) => all.get(name) ?? '';
    for (const ground of grounds)
      for (const text of texts)
        t.ok(
          contrast(of(text), of(ground)) >= 4.5,
          `${theme}: ${text} on ${ground}, ${contrast(of(text), of(ground)).toFixed(2)}`,
        );
    for (const line of lines) t.ok(contrast(of(line), of('surface')) >= 3, `${theme}: ${line}`);
  }
});
