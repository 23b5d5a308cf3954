/** The pictures that the final model gets wrong, the surest mistakes first. */
import { misreadRows, type Predictions } from '../findings/model-predictions.ts';
import { cut, printable } from '../words/text.ts';
import { percent } from '../words/units.ts';
import { escapedXml } from './chart.ts';
import { inkPng } from './png.ts';
import { lightTheme } from './theme.ts';

export interface Misread {
  /** Among the test rows, from 0. */
  readonly row: number;
  /** The name of its class, and of the class that is predicted. */
  readonly label: string;
  readonly prediction: string;
  /** The output of the wrong class, 0 to 1. */
  readonly confidence: number;
  /** A data: URL of a PNG, black ink on nothing. */
  readonly picture: string;
}

export interface MisreadPictures {
  readonly shown: readonly Misread[];
  /** All that are wrong. */
  readonly count: number;
  readonly title: string;
  readonly subtitle: string;
}

/** More are not shown. */
const most = 40;

/** Undefined where the model gets every row right, and for rows that are no pictures. */
export function misreadPictures(predictions: Predictions): MisreadPictures | undefined {
  const rows = misreadRows(predictions);
  const { pictures } = predictions;
  if (rows.length === 0 || pictures === undefined) return undefined;
  const nameOf = (label = 0) => printable(predictions.classes[label] as string);
  const shown = rows.slice(0, most).map((row) => ({
    row,
    label: nameOf(predictions.labels[row]),
    prediction: nameOf(predictions.predicted[row]),
    confidence: predictions.confidence[row] as number,
    picture: `data:image/png;base64,${inkPng(pictures.pixels(row), pictures.rows, pictures.columns).toString('base64')}`,
  }));
  const all = shown.length === rows.length ? 'all' : `the surest ${shown.length} of`;
  return {
    shown,
    count: rows.length,
    title: 'Misclassified pictures',
    subtitle: `${all} ${rows.length} mistakes of the final model: true class and predicted class`,
  };
}

/** What a picture shows, in words. */
export const misreadText = ({ label, prediction, confidence, row }: Misread): string =>
  `${label}, predicted ${prediction} (output ${percent(confidence)}), test row ${row}`;

/** The pictures on one sheet, as SVG. */
export function misreadSheet({ shown, title, subtitle }: MisreadPictures): string {
  const { paper, ink, soft, bad } = lightTheme;
  const [columns, cell, top] = [10, 84, 84];
  const [width, height] = [880, top + Math.ceil(shown.length / columns) * (cell + 24) + 12];
  const text = (x: number, y: number, size: number, colour: string, words: string, extra = '') =>
    `<text x="${x}" y="${y}" font-size="${size}" font-family="sans-serif" text-anchor="middle" fill="${colour}"${extra}>${escapedXml(words)}</text>`;
  const cells = shown.map((one, index) => {
    const x = 20 + (index % columns) * cell;
    const y = top + Math.floor(index / columns) * (cell + 24);
    const image = `<image x="${x + 10}" y="${y}" width="${cell - 20}" height="${cell - 20}" href="${one.picture}" image-rendering="optimizeSpeed"/>`;
    return (
      image +
      text(x + cell / 2, y + cell - 4, 14, bad, `${cut(one.label, 5)} \u2192 ${cut(one.prediction, 5)}`)
    );
  });
  return [
    `<svg role="img" aria-label="${escapedXml(`${title}. ${subtitle}`)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg">`,
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    text(width / 2, 32, 18, ink, title, ' font-weight="bold"'),
    text(width / 2, 56, 13, soft, subtitle),
    ...cells,
    '</svg>',
  ].join('\n');
}
