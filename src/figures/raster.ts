/** SVG pictures as PNG, with the fonts of the machine: none are shipped. */
import { errors } from '../errors.ts';

/** Twice the picture's size, for screens and print alike. */
const scale = 2;

/** Families to try for "sans-serif", of which most machines have one. */
const families = ['DejaVu Sans', 'Liberation Sans', 'Noto Sans', 'Helvetica', 'Arial', 'Segoe UI'];

/** The PNG file of a picture. @throws ERR_NO_FONT where no font of the machine can write its labels */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const family = families.find((name) => writes(Resvg, name));
  if (family === undefined) throw errors.noFont(families);
  const options = { font: fontOf(family), fitTo: { mode: 'zoom' as const, value: scale } };
  return new Resvg(svg, options).render().asPng();
}

const fontOf = (name: string) => ({
  loadSystemFonts: true,
  defaultFontFamily: name,
  sansSerifFamily: name,
  // Wins over what the machine calls sans-serif, whose name not every machine says.
  serifFamily: name,
});

/** Whether a letter leaves any mark: a family that is missing is no error, its texts are just not there. */
function writes(Resvg: typeof import('@resvg/resvg-js').Resvg, name: string): boolean {
  const letter = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="16" font-size="16" font-family="${name}">H</text></svg>`;
  const { pixels } = new Resvg(letter, { font: fontOf(name) }).render();
  return pixels.some((value) => value !== 0);
}
