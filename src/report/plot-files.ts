/** The pictures of one experiment by file name, as SVG or PNG. */

import { type Figures, figuresOf } from '../figures/all-figures.ts';
import { pictureSvg } from '../figures/chart.ts';
import { misreadSheet } from '../figures/misread-pictures.ts';
import { pngOf } from '../figures/raster.ts';
import type { Findings } from '../findings/findings.ts';
import type { PictureFormat } from './picture-formats.ts';

export interface PlotFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Draws every picture of the experiment that has something to show; `step` is called for each. */
export async function plotFiles(
  findings: Findings,
  format: PictureFormat,
  step: (what: string) => void = () => {},
): Promise<PlotFile[]> {
  const { misread, ...figures } = figuresOf(findings);
  const all = Object.values(figures).flat();
  const files: PlotFile[] = [];
  const add = async (name: string, svg: string) => {
    files.push({ name: `${name}.${format}`, content: format === 'svg' ? svg : await pngOf(svg) });
  };
  for (const figure of all) {
    if (figure === undefined) continue;
    step(`drawing ${figure.name}`);
    await add(figure.name, await pictureSvg(figure));
  }
  if (misread !== undefined) await add('misread-pictures', misreadSheet(misread));
  return files;
}

/** What every run leaves behind: the curves of the search and of the final training, as SVG. */
export async function curveFiles({ curves, finalCurves }: Figures): Promise<PlotFile[]> {
  return Promise.all(
    [...curves, ...finalCurves].map(async (figure) => ({
      name: `${figure.name}.svg`,
      content: await pictureSvg(figure),
    })),
  );
}
