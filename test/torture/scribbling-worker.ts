/**
 * The entry of a thread that fills a large shared memory again and again. Such a fill is not interrupted: the thread lives on
 * for some milliseconds after it was told to end.
 */
export default function scribble({ buffer }: { readonly buffer: SharedArrayBuffer }): never {
  const all = new Uint8Array(buffer);
  for (;;) all.fill(1);
}
