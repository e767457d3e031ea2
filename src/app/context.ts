/** What every task of the application layer gets from its caller. */

import type { Host } from "../base/host.ts";
import type { Listener } from "../base/log.ts";

export interface AppContext {
  readonly host: Host;
  /** Aborts the work; nothing half-written stays. */
  readonly signal: AbortSignal;
  readonly onEvent: Listener;
}
