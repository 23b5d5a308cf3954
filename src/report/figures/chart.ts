/**
 * A chart's options drawn as an SVG picture: the same options give the same bytes.
 * Not here: what a chart shows (curves.ts) and files.
 */
import type { EChartsOption } from 'echarts';

export interface PictureSize {
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** The SVG text of a chart; `label` is what a screen reader says of it. */
export async function chartSvg(option: EChartsOption, label: string, size: PictureSize): Promise<string> {
  // Imported when the first picture is drawn. The one-file build loads in 50 ms, 'echarts/core' and its parts (500 files) in 340.
  const { init } = await import('echarts/dist/echarts.esm.min.mjs');
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({ ...option, animation: false });
    return still(chart.renderToSVGString()).replace(
      '<svg ',
      () => `<svg role="img" aria-label="${escapedXml(label)}" `,
    );
  } finally {
    chart.dispose();
  }
}

/**
 * The picture without what only a page's script or mouse would use, and without ECharts' count of its charts so far,
 * which it writes into ids. No text can match: quotes and angle brackets are escaped there.
 */
function still(svg: string): string {
  return svg
    .replace(/ (?:class|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/<style >.*?<\/style>\n/s, '')
    .replace(/(?<= id="| clip-path="url\(#)zr\d+-/g, '');
}

function escapedXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
