/** The tree and the floors as ARCHITECTURE.md shows them. */
import { codeBlocks } from './markdown.ts';

/** Paths of the tree drawn in the document's first block, in order; folders end with a slash. */
export function drawnTree(document: string): string[] {
  const open: string[] = [];
  const lines = codeBlocks(document)[0]?.text.split('\n') ?? [];
  return lines.map((line) => {
    const [, indent, name] = /^( *)(\S+)/.exec(line) as unknown as [string, string, string];
    open.splice(indent.length / 2);
    open.push(name);
    return open.join('');
  });
}

/** One sentence for each difference. A folder drawn without anything in it stands for all that it holds. */
export function treeFaults(drawn: readonly string[], files: readonly string[]): string[] {
  const closed = drawn.filter(
    (path) => path.endsWith('/') && !drawn.some((other) => other !== path && other.startsWith(path)),
  );
  const missing = files.filter(
    (file) => !drawn.includes(file) && !closed.some((folder) => file.startsWith(folder)),
  );
  const gone = drawn.filter(
    (path) => !files.some((file) => file === path || (path.endsWith('/') && file.startsWith(path))),
  );
  return [
    ...missing.map((file) => `${file} is not in the tree of ARCHITECTURE.md: give it a line with its role.`),
    ...gone.map((path) => `${path} is in the tree of ARCHITECTURE.md, but not on the disk.`),
  ];
}

/** Floor and rooms of each row of the document's table. */
export function drawnFloors(document: string): { floor: number; rooms: string[] }[] {
  const rows = document.matchAll(/^\| (\d) \| ([^|]+) \|/gm);
  return [...rows].map(([, floor, rooms]) => ({
    floor: Number(floor),
    rooms: (rooms as string).trim().split(', '),
  }));
}
