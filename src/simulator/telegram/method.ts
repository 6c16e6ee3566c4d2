import type { Params } from './params.ts';

/** A Bot API method: gives its `result`, or throws a refusal. */
export type Method = (params: Params) => unknown;

/** Methods by the names of the documentation. */
export type Methods = Readonly<Record<string, Method>>;
