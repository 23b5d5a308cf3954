/** What the type checker knows of a point of a space that it knows. */
import type { Value } from '../trial.ts';
import type { When, WrittenAxis, WrittenSpace } from './definition.ts';

/** The values of an axis. */
export type ValueOf<A extends WrittenAxis> = A extends { readonly choice: readonly (infer Value)[] }
  ? Value
  : A extends { readonly float: unknown } | { readonly int: unknown }
    ? number
    : A extends readonly (infer Value)[]
      ? Value
      : never;

type IsConditional<A> = A extends { readonly when: When } ? true : false;

/** The parameters of a point; one that depends on another may be undefined. */
export type ParamsOf<S extends WrittenSpace> = string extends keyof S
  ? Readonly<Record<string, Value>>
  : {
      readonly [Name in keyof S as IsConditional<S[Name]> extends true ? never : Name]: ValueOf<S[Name]>;
    } & {
      readonly [Name in keyof S as IsConditional<S[Name]> extends true ? Name : never]?:
        | ValueOf<S[Name]>
        | undefined;
    };
