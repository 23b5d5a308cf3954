/**
 * Figures drawn as SVG pictures: the same figure and look give the same bytes.
 * Not here: what a figure shows, and files.
 */
import type { EChartsOption } from 'echarts';
import { cut } from '../text.ts';
import type { Figure, Look } from './figure.ts';
import { lightTheme, type Theme } from './theme.ts';

/** A figure drawn, and where the points of its tips lie in it, in pixels. */
export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const titleHeight = 76;

/** The figure as a picture that stands for itself: on paper of its own, with its title. */
export async function pictureSvg(
  figure: Figure,
  { theme = lightTheme, width = 880 }: { theme?: Theme; width?: number } = {},
): Promise<string> {
  const look = { theme, width, top: titleHeight };
  const title = {
    text: cut(figure.title, Math.floor(width / 10)),
    subtext: cut(figure.subtitle, Math.floor(width / 6.6)),
    left: 'center',
    top: 14,
    textStyle: { fontSize: 18, color: theme.ink },
    subtextStyle: { fontSize: 13, color: theme.soft },
  };
  const option = { ...figure.option(look), title, backgroundColor: theme.paper };
  return (await drawn(figure, look, option)).svg;
}

/** The figure without paper and title, for a page that has both; `prefix` keeps its ids apart from other figures'. */
export function drawFigure(figure: Figure, look: Look, prefix: string): Promise<Drawing> {
  return drawn(figure, look, figure.option(look), prefix);
}

async function drawn(figure: Figure, look: Look, option: EChartsOption, prefix = ''): Promise<Drawing> {
  // Imported when the first figure is drawn. The one-file build loads in 50 ms, 'echarts/core' and its parts (500 files) in 340.
  const { init } = await import('echarts/dist/echarts.esm.min.mjs');
  const size = { width: look.width, height: figure.height(look.width) + look.top };
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({ ...option, animation: false });
    const points = figure.tips.map(({ series, at }) => {
      const [x = 0, y = 0] = chart.convertToPixel({ seriesIndex: series }, [...at]) as number[];
      return [Math.round(x), Math.round(y)] as const;
    });
    const label = escapedXml(`${figure.title}. ${figure.subtitle}`);
    const svg = still(chart.renderToSVGString(), prefix).replace(
      '<svg ',
      () => `<svg role="img" aria-label="${label}" `,
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
