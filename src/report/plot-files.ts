/** The pictures of one experiment by file name, as SVG or PNG. */

import { type Figures, figuresOf } from '../figures/all-figures.ts';
import { pictureSvg } from '../figures/chart.ts';
import { misreadSheet } from '../figures/misread-pictures.ts';
import { pngOf } from '../figures/raster.ts';
import type { NetworkFindings } from '../findings/findings.ts';
import type { PictureFormat } from './picture-formats.ts';

export interface PlotFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Draws every picture of the experiment that has something to show; `step` is told of each. */
export async function plotFiles(
  findings: NetworkFindings,
  format: PictureFormat,
  step: (what: string) => void = () => {},
): Promise<PlotFile[]> {
  const { misread, ...figures } = figuresOf(findings);
  const files: PlotFile[] = [];
  const add = async (name: string, svg: string) => {
    files.push({ name: `${name}.${format}`, content: format === 'svg' ? svg : await pngOf(svg) });
  };
  for (const figure of Object.values(figures)) {
    if (figure === undefined) continue;
    step(`drawing ${figure.name}`);
    await add(figure.name, await pictureSvg(figure));
  }
  if (misread !== undefined) await add('misread-pictures', misreadSheet(misread));
  return files;
}

/** The four that every run leaves behind: learning and accuracy curves of both phases, as SVG. */
export async function curveFiles({ loss, accuracy, finalLoss, finalAccuracy }: Figures): Promise<PlotFile[]> {
  const curves = [loss, accuracy, finalLoss, finalAccuracy].filter((figure) => figure !== undefined);
  return Promise.all(
    curves.map(async (figure) => ({ name: `${figure.name}.svg`, content: await pictureSvg(figure) })),
  );
}
