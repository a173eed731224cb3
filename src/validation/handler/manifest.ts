/** What is known at deployment only. */
export interface Place {
  /** Where valid events go: the name or ARN of a bus. */
  readonly targetBus: string;
  /** The account of the republisher: what it put on a bus itself bears it. */
  readonly account: string;
}

/** What the republisher goes by; it stands as `manifest.json` in the asset, beside the compiled schemas. */
export interface Manifest {
  /** What stands before the source of a published event; empty where it goes to another bus. */
  readonly sourcePrefix: string;
  /** The beginnings of sources that nobody but the republisher may use. */
  readonly reservedPrefixes: string[];
  /** What stands before the source in a notice of an invalid event; no notices without it. */
  readonly noticePrefix?: string;
  readonly mode: 'enforce' | 'audit' | 'observe';
  readonly unknownEvents: 'quarantine' | 'pass' | 'ignore';
  /** By source, then detail-type. */
  readonly contracts: Record<string, Record<string, ManifestContract>>;
  /** Which accounts may send a source; one that is not listed may come from anywhere. */
  readonly owners: Record<string, string[]>;
}

export interface ManifestContract {
  readonly name: string;
  /** Of the compiled schema, and the name of its file. */
  readonly hash: string;
}
