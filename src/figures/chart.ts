/**
 * Figures drawn as SVG pictures: the same figure and look give the same bytes.
 * Not here: what a figure shows, and files.
 */
import { pathToFileURL } from 'node:url';
import { cut, wrapped } from '../words/text.ts';
import { echartsFile } from './echarts-file.ts';
import type { Figure, Look } from './figure.ts';
import { coloured, lightTheme, pageTheme, type Theme } from './theme.ts';

/** A figure drawn, and where the points of its tips lie in it, in pixels. */
export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** CSS pixels of a figure on a wide page and on paper. */
export const usualWidth = 940;

/** Pixels of a picture above its first line of words, and of each of these. */
const titleHeight = 58;
const lineHeight = 18;

/** The figure as a picture that stands for itself: on paper of its own, with its title. */
export async function pictureSvg(
  figure: Figure,
  { theme = lightTheme, width = usualWidth }: { theme?: Theme; width?: number } = {},
): Promise<string> {
  const drawing = await drawFigure(figure, width);
  const lines = wrapped(figure.subtitle, Math.floor(width / 6.9)).split('\n');
  const top = titleHeight + lineHeight * lines.length;
  const height = top + drawing.height;
  const text = (words: string, y: number, look: string) =>
    `<text x="${width / 2}" y="${y}" text-anchor="middle" dominant-baseline="central" font-family="sans-serif" ${look}>${escapedXml(words)}</text>`;
  return [
    `<svg role="img" aria-label="${labelOf(figure)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg">`,
    `<rect width="${width}" height="${height}" fill="${theme.paper}"></rect>`,
    text(
      cut(figure.title, Math.floor(width / 10)),
      28,
      `font-size="18px" font-weight="bold" fill="${theme.ink}"`,
    ),
    ...lines.map((line, index) =>
      text(line, 54 + lineHeight * index, `font-size="13px" fill="${theme.soft}"`),
    ),
    coloured(drawing.svg, theme).replace(/^<svg role="img" aria-label="[^"]*"/, `<svg y="${top}"`),
    '</svg>',
  ].join('\n');
}

/** The figure without paper and title, in pageTheme's colours, for a page that has all three; drawn once for each width. */
export async function drawFigure(figure: Figure, width: number): Promise<Drawing> {
  const drawings = known.get(figure) ?? new Map<number, Drawing>();
  known.set(figure, drawings);
  const drawing = drawings.get(width) ?? (await drawn(figure, { theme: pageTheme, width }));
  drawings.set(width, drawing);
  return drawing;
}

const known = new WeakMap<Figure, Map<number, Drawing>>();

const labelOf = ({ title, subtitle }: Figure): string => escapedXml(`${title}. ${subtitle}`);

/** Loads what draws, if it is not loaded: in 50 ms as one file; 'echarts/core' and its parts, 500 files, take 340. */
export const loadCharts = (): Promise<typeof import('echarts/dist/echarts.esm.min.mjs')> =>
  import(pathToFileURL(echartsFile).href);

async function drawn(figure: Figure, look: Look): Promise<Drawing> {
  const { init } = await loadCharts();
  const size = { width: look.width, height: figure.height(look.width) };
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({ ...figure.option(look), animation: false });
    const points = figure.tips.map(({ series, at }) => {
      const [x = 0, y = 0] = chart.convertToPixel({ seriesIndex: series }, [...at]) as number[];
      return [Math.round(x), Math.round(y)] as const;
    });
    // Figures share a page: their ids must differ.
    const svg = still(chart.renderToSVGString(), `${figure.name}-${look.width}-`).replace(
      '<svg ',
      () => `<svg role="img" aria-label="${labelOf(figure)}" `,
    );
    return { svg, ...size, points };
  } finally {
    chart.dispose();
  }
}

/**
 * The picture without what only a page's script or mouse would use, and without ECharts' count of its charts so far,
 * which it writes into ids. No text can match: quotes and angle brackets are escaped there. Styles become attributes,
 * because a page whose policy forbids inline styles would ignore them.
 */
function still(svg: string, prefix: string): string {
  return svg
    .replace(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/<style >.*?<\/style>\n/s, '')
    .replace(/(?<= id="| clip-path="url\(#| fill="url\(#)zr\d+-/g, prefix)
    .replace(/ style="([^"]*)"/g, (_, styles: string) => asAttributes(styles));
}

const asAttributes = (styles: string): string =>
  styles
    .split(';')
    .map((style) => style.split(':').map((part) => part.trim()))
    .filter(([name]) => name !== '')
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');

/** Text as it may stand in XML and HTML, between tags and in attributes. */
export function escapedXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
