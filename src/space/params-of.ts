/**
 * What the type checker knows of a point of a space that it knows: a parameter that depends on another is undefined until that
 * one is known to have one of the values meant.
 */
import type { Value } from '../trial.ts';
import type { WrittenAxis, WrittenSpace } from './definition.ts';

/** The values of an axis. */
export type ValueOf<A extends WrittenAxis> = A extends { readonly choice: readonly (infer Value)[] }
  ? Value
  : A extends { readonly float: unknown } | { readonly int: unknown }
    ? number
    : A extends readonly (infer Value)[]
      ? Value
      : never;

/** The parameters that depend on parameter `Name`. */
type Dependants<S, Name extends keyof S> = {
  [Child in keyof S]: S[Child] extends { readonly when: { readonly [Key in Name]: unknown } } ? Child : never;
}[keyof S];

/** Those that depend on none: `when` is a method there, or there is none. */
export type AlwaysIn<S extends WrittenSpace> = {
  [Name in keyof S]: S[Name] extends { readonly when: Readonly<Record<string, Value>> } ? never : Name;
}[keyof S];

/** The types of a record of them, all at once: parameters of functions intersect, and stay the unions that they are. */
type All<Types> = { [Key in keyof Types]: (type: Types[Key]) => void }[keyof Types] extends (
  type: infer Every,
) => void
  ? Every
  : never;

type Element<Values> = Values extends readonly (infer One)[] ? One : never;

/** The values, written as one or as a list of some, that parameter `Child` is meant for. */
type MeantBy<S, Child extends keyof S, Name extends PropertyKey> = S[Child] extends {
  readonly when: { readonly [Key in Name]: infer Meant };
}
  ? Meant | Element<Meant>
  : never;

/** A parameter and those that depend on it. */
type Tree<S extends WrittenSpace, Name extends keyof S> = [Dependants<S, Name>] extends [never]
  ? { readonly [Key in Name]: ValueOf<S[Name]> }
  : number extends ValueOf<S[Name]>
    ? { readonly [Key in Name]: number } & All<{ [Child in Dependants<S, Name>]: Perhaps<S, Child> }>
    : Branch<S, Name, ValueOf<S[Name]>>;

/** One type for each value of a parameter that others depend on. */
type Branch<S extends WrittenSpace, Name extends keyof S, Own> = Own extends Value
  ? { readonly [Key in Name]: Own } & All<{
      [Child in Dependants<S, Name>]: Own extends MeantBy<S, Child, Name> ? Tree<S, Child> : Absent<S, Child>;
    }>
  : never;

type Absent<S extends WrittenSpace, Name extends keyof S> = { readonly [Key in Name]?: undefined } & All<{
  [Child in Dependants<S, Name>]: Absent<S, Child>;
}>;

/** Where it depends on numbers that the type checker cannot tell apart. */
type Perhaps<S extends WrittenSpace, Name extends keyof S> = {
  readonly [Key in Name]?: ValueOf<S[Name]> | undefined;
} & All<{ [Child in Dependants<S, Name>]: Perhaps<S, Child> }>;

/** The parameters of a point. */
export type ParamsOf<S extends WrittenSpace> = string extends keyof S
  ? Readonly<Record<string, Value>>
  : All<{ [Name in AlwaysIn<S>]: Tree<S, Name> }>;
