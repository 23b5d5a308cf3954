/** A picture on the page, bright ink on dark. Not here: what is drawn by hand (draw.ts). */

/** Draws a picture, a canvas pixel a pixel; the style sheet makes it larger. */
export function paint(canvas: HTMLCanvasElement, pixels: Uint8Array, columns: number, rows: number): void {
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  for (const [at, value] of pixels.entries()) image.data.set([value, value, value, 255], 4 * at);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
