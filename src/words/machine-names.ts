/** What machines are called where people read it. */

/** `host`, where that says which it is; else `host#pid`, or all of it. */
export function shortNames(names: readonly string[]): string[] {
  const shorter = [/#.*$/, /-[^-]*$/].map((end) => names.map((name) => name.replace(end, '')));
  const owners = shorter.map((candidates) => Map.groupBy(candidates, (candidate) => candidate));
  return names.map((name, index) => {
    const which = owners.findIndex((of, at) => of.get(shorter[at]?.[index] ?? '')?.length === 1);
    return shorter[which]?.[index] ?? name;
  });
}
