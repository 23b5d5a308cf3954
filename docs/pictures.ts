// The pictures of README.md: the report and the terminal, photographed in a headless Chromium.
//   npm run sweep && npm run pictures
//   npm run pictures -- --db other/results.db --browser /usr/bin/google-chrome
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deflateSync, inflateSync } from 'node:zlib';
import { escapedXml } from '../src/figures/chart.ts';
import { pngChunk } from '../src/figures/png.ts';

const { values } = parseArgs({
  options: {
    db: { type: 'string', default: 'results/results.db' },
    browser: { type: 'string', default: 'chromium' },
  },
});

const root = join(import.meta.dirname, '..');
const images = join(import.meta.dirname, 'images');
const folder = mkdtempSync(join(tmpdir(), 'coresweep-pictures-'));

try {
  const report = join(folder, 'report.html');
  coresweep('report', '--output', report);
  photograph(report, 'report.png', { width: 1060, height: 1600, scale: 0.75 });

  const [first, second] = JSON.parse(coresweep('leaderboard', '--format', 'json')) as { trial: number }[];
  const lines = ['leaderboard', `compare ${first?.trial} ${second?.trial}`];
  const page = join(folder, 'terminal.html');
  writeFileSync(page, terminalPage(lines.map((line) => [line, beforeCharts(coresweep(...line.split(' ')))])));
  photograph(page, 'terminal.png', { width: 720, height: 675, scale: 1.35 });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The dots of text charts are of another width in many a browser's font. */
function beforeCharts(printed: string): string {
  return `${printed.trimEnd().split('\n\n')[0]}\n`;
}

/** What a command prints, in the colours of a terminal. */
function coresweep(...line: string[]): string {
  return execFileSync(process.execPath, [join(root, 'src/bin.ts'), ...line, '--db', values.db], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // As a terminal of 80 columns shows it.
    env: { ...process.env, COLUMNS: '80', FORCE_COLOR: '1', NO_COLOR: undefined },
  });
}

interface Size {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture for each of them. */
  readonly scale: number;
}

/** Writes a picture of the top of a page into docs/images. */
function photograph(page: string, name: string, { width, height, scale }: Size): void {
  const raw = join(folder, name);
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'];
  const size = [`--window-size=${width},${height}`, `--force-device-scale-factor=${scale}`];
  execFileSync(values.browser, [...flags, ...size, `--screenshot=${raw}`, `file://${page}`], {
    stdio: 'ignore',
  });
  const picture = packed(readFileSync(raw));
  writeFileSync(join(images, name), picture);
  process.stdout.write(`docs/images/${name}: ${Math.ceil(picture.length / 1000)} kB\n`);
}

/** The same PNG, compressed as well as its format allows: browsers are in a hurry. */
function packed(png: Buffer): Buffer {
  const kept: Buffer[] = [];
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const end = at + 12 + png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    if (name === 'IDAT') data.push(png.subarray(at + 8, end - 4));
    else if (name !== 'IEND') kept.push(png.subarray(at, end));
    at = end;
  }
  const body = deflateSync(inflateSync(Buffer.concat(data)), { level: 9, memLevel: 9 });
  return Buffer.concat([
    png.subarray(0, 8),
    ...kept,
    pngChunk('IDAT', body),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Command lines and what they print, as they stand in a dark terminal. */
function terminalPage(sessions: readonly (readonly [line: string, printed: string])[]): string {
  const text = sessions
    .map(([line, printed]) => `<b>$</b> ${escapedXml(`coresweep ${line}`)}\n${coloured(printed)}`)
    .join('\n');
  return `<!doctype html><meta charset="utf-8"><style>
    html { background: #15181d; }
    pre { margin: 22px 26px; color: #d8dee6; font: 13.5px/1.2 "DejaVu Sans Mono", Menlo, Consolas, monospace; }
    b, .green { color: #6fd08c; font-weight: normal; }
    .yellow { color: #f2c14e; }
    .red { color: #ff7b72; }
  </style><pre>${text}</pre>`;
}

/** The three colours that tables have. */
function coloured(printed: string): string {
  const names: Record<string, string> = { '31': 'red', '32': 'green', '33': 'yellow' };
  return printed
    .split('\u001b[')
    .map((piece, index) => {
      if (index === 0) return escapedXml(piece);
      const [, code = '', text = ''] = /^(\d+)m(.*)$/s.exec(piece) ?? [];
      const name = names[code];
      return name === undefined ? `</span>${escapedXml(text)}` : `<span class="${name}">${escapedXml(text)}`;
    })
    .join('');
}
