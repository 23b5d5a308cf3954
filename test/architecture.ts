/** The floors as ARCHITECTURE.md shows them. */

/** Floor and rooms of each row of the document's table. */
export function drawnFloors(document: string): { floor: number; rooms: string[] }[] {
  const rows = document.matchAll(/^\| (\d(?:\.\d)?) \| ([^|]+) \|/gm);
  return [...rows].map(([, floor, rooms]) => ({
    floor: Number(floor),
    rooms: (rooms as string).trim().split(', '),
  }));
}
