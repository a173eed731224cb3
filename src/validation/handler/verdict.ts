import type { ManifestContract } from './manifest';
import type { Origin } from './stamp';

export type Reason =
  | 'SCHEMA_INVALID'
  | 'UNKNOWN_EVENT'
  | 'SOURCE_NOT_OWNED'
  | 'MALFORMED'
  | 'TOO_LARGE'
  | 'PUBLISH_REJECTED'
  | 'LOOP_PREVENTED'
  | 'VALIDATION_TIMEOUT';

/** One way in which an event breaks its schema. It holds no value. */
export interface Violation {
  readonly path: string;
  readonly keyword: string;
  readonly message: string;
}

/** An event to publish. */
export interface Entry {
  readonly eventBus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  readonly resources: string[];
  readonly time?: string;
}

/** What is to be done with one event. */
export interface Verdict {
  /** What is published: the event, a notice to its sender, or nothing. */
  readonly entries: Entry[];
  /** Why the event waits in quarantine, if it does. */
  readonly quarantined?: Reason;
  /** Why it is invalid, in modes too that publish it all the same. */
  readonly reason?: Reason;
  readonly errors: Violation[];
  readonly contract?: ManifestContract;
  /** As far as the event could be read. */
  readonly source?: string;
  readonly detailType?: string;
  readonly origin?: Origin;
  /** The event as it came, without what quarantine had put around it. */
  readonly event: string;
}
