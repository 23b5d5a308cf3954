/**
 * A square to draw on, with a finger, a mouse, or the keyboard: arrow keys move the pen, with Shift they draw.
 * Not here: what is made of the drawing.
 */
import type { GreyPicture } from '../../data/digit.ts';
import { fill, h } from './dom.ts';

const side = 280;
const penWidth = 22;
const keyStep = 10;

export interface DrawingBoard {
  readonly element: HTMLElement;
  /** How much ink (0 to 255) each pixel holds. */
  ink(): GreyPicture;
  clear(): void;
}

/** @param changed is called after each stroke, and while one is drawn */
export function drawingBoard(changed: () => void): DrawingBoard {
  const canvas = h('canvas', {
    width: side,
    height: side,
    tabindex: 0,
    class: 'board-canvas',
    role: 'application',
    'aria-label': 'Draw a digit. Arrow keys move the pen, with Shift they draw, Delete clears.',
  });
  const said = h('p', { class: 'visually-hidden', role: 'status' });
  const paper = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  paper.lineCap = 'round';
  paper.lineJoin = 'round';
  paper.lineWidth = penWidth;
  paper.strokeStyle = '#fff';
  let pen: { x: number; y: number } | undefined;
  let cursor = { x: side / 2, y: side / 4 };

  const lineTo = (from: { x: number; y: number }, to: { x: number; y: number }) => {
    paper.beginPath();
    paper.moveTo(from.x, from.y);
    // A line of no length would leave no dot.
    paper.lineTo(to.x + 0.01, to.y);
    paper.stroke();
    changed();
  };
  const at = (event: PointerEvent) => {
    const box = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * side) / box.width,
      y: ((event.clientY - box.top) * side) / box.height,
    };
  };
  const clear = () => {
    paper.clearRect(0, 0, side, side);
    changed();
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen = at(event);
    lineTo(pen, pen);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (pen === undefined) return;
    const to = at(event);
    lineTo(pen, to);
    pen = to;
  });
  const lift = () => {
    pen = undefined;
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  canvas.addEventListener('keydown', (event) => {
    if (event.key === 'Delete' || event.key === 'Backspace') return clear();
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const [x = 0, y = 0] = step;
    const to = { x: within(cursor.x + x * keyStep), y: within(cursor.y + y * keyStep) };
    if (event.shiftKey) lineTo(cursor, to);
    cursor = to;
    fill(
      said,
      `${event.shiftKey ? 'drawn to' : 'pen at'} ${Math.round(to.x / keyStep)}, ${Math.round(to.y / keyStep)}`,
    );
  });
  return {
    element: h('div', {}, canvas, said),
    clear,
    ink() {
      const { data } = paper.getImageData(0, 0, side, side);
      // White ink on nothing: its opacity is how much of it there is.
      const grey = Float32Array.from({ length: side * side }, (_, i) => data[4 * i + 3] as number);
      return { width: side, height: side, grey };
    },
  };
}

const within = (value: number): number => Math.max(0, Math.min(side, value));
