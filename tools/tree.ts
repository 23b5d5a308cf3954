/**
 * npm run tree: draws the tree of ARCHITECTURE.md from the first comment of every file of src.
 * Not here: what a folder is for, which stands in this table because a folder has no first line.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folders: Readonly<Record<string, string>> = {
  'src/commands': 'one file a verb',
  'src/dashboard': 'a page over the database, read-only, also while a sweep runs',
  'src/dashboard/page': 'the page itself, for browsers',
  'src/data': 'rows and their labels',
  'src/evidence': 'how sure results are, and what made them',
  'src/exact': 'mathematics with the same bits in every engine',
  'src/execute': 'running trials: threads and processes',
  'src/execute/network': 'trials of the network: threads over one block of memory',
  'src/experiment': 'definitions',
  'src/export': 'what other programs read',
  'src/figures': 'one file a figure: ECharts options for any paper',
  'src/files': 'replacing files whole',
  'src/findings': 'what is known of a run, read once: standings, evidence, predictions',
  'src/fronts': 'results by several metrics',
  'src/kernel': 'the arithmetic',
  'src/kernel/assembly': 'its source, in AssemblyScript',
  'src/model': 'files of trained networks',
  'src/objective': 'what a trial is, for those who run it',
  'src/prune': 'which trials are given up early',
  'src/queue': 'trials on other machines',
  'src/report': 'the report: one HTML file that loads nothing',
  'src/search': 'which point to try next',
  'src/space': 'parameters, their values and conditions',
  'src/store': 'results.db',
  'src/sweep': 'from definition to recorded results',
  'src/terminal': 'what is printed: tables, sentences, progress',
  'src/train': 'one training of the network',
  'src/words': 'how numbers, names and results are written',
};

const column = 36;
const widest = 124;

/** The first sentence of a file's first comment; empty where it has none. */
function roleOf(path: string): string {
  if (!/\.(?:ts|js|sql|css)$/.test(path)) return '';
  const start = readFileSync(path, 'utf8').slice(0, 2_000);
  const comment =
    /^(?:#!.*\n\s*)?\/\*\*?([\s\S]*?)\*\//.exec(start)?.[1] ??
    /^((?:(?:--|\/\/).*\n)+)/.exec(start)?.[1] ??
    '';
  const text = comment
    .replaceAll(/^\s*(?:\*|--|\/\/)\s?/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return /^(.*?[.!?])(?:\s|$)/.exec(text)?.[1]?.replace(/\.$/, '') ?? text;
}

/** A sentence that is too long ends with its last whole clause that fits. */
function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const clauses = [...text.matchAll(/[,:;] /g)].map(({ index }) => index).filter((index) => index <= width);
  const end = clauses.at(-1) ?? text.lastIndexOf(' ', width);
  return text.slice(0, end);
}

function linesOf(folder: string, depth: number): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  // Files first, then the rooms below.
  const rank = (isFolder: boolean, name: string): string => `${Number(isFolder)}${name}`;
  entries.sort((a, b) => (rank(a.isDirectory(), a.name) < rank(b.isDirectory(), b.name) ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    const name = `${'  '.repeat(depth)}${entry.name}${entry.isDirectory() ? '/' : ''}`;
    const role = entry.isDirectory() ? (folders[path] ?? '') : roleOf(path);
    const line = role === '' ? name : `${name.padEnd(column)} ${cut(role, widest - column - 1)}`;
    return [line, ...(entry.isDirectory() ? linesOf(path, depth + 1) : [])];
  });
}

/** The tree as it should be drawn. */
export const tree = (): string => ['src/', ...linesOf('src', 1)].join('\n');

/** The document with that tree in the place of its own. */
export const withTree = (document: string): string =>
  document.replace(/```text\nsrc\/\n[\s\S]*?```/, () => `\`\`\`text\n${tree()}\n\`\`\``);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = join(import.meta.dirname, '..', 'ARCHITECTURE.md');
  writeFileSync(path, withTree(readFileSync(path, 'utf8')));
}
