import type { PackageCatalogue } from "./package-catalogue.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import { isExternal, type Incompatibility } from "./solver/incompatibility.ts";
import { Unsatisfiable } from "./errors.ts";
export function failureOf(proof: Incompatibility, _r: ResolveRequest, _c: PackageCatalogue): Error {
  const show = (i: Incompatibility): unknown => isExternal(i) ? [i.cause, i.terms.map(t=>t.package.label + (t.positive?"":"!"))] : i.cause.kind === "conflict" ? [show(i.cause.conflict), show(i.cause.other)] : 0;
  return new Unsatisfiable(JSON.stringify(show(proof), null, 1));
}
