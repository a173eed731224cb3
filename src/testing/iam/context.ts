/** A list for a key that AWS types as an array, even where it holds one value. */
export type ContextValue = string | readonly string[];

/** A key of which nobody here knows whether AWS sets it, or to what. */
export const NOT_KNOWN = Symbol('not known');

/** What a request brings beside who, what and where. */
export type ContextKeys = Readonly<Record<string, ContextValue | typeof NOT_KNOWN | undefined>>;

/**
 * The context of a request: names of keys are the same in any letter case.
 *
 * A key that was not given is absent where `isDecided` says so, else not known: a guess would pass silently.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export class Context {
  private readonly values: Map<string, ContextValue | typeof NOT_KNOWN | undefined>;

  constructor(
    keys: ContextKeys,
    private readonly isDecided: (key: string) => boolean = () => true,
  ) {
    this.values = new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), value]));
  }

  public get(key: string): ContextValue | typeof NOT_KNOWN | undefined {
    const name = key.toLowerCase();
    if (this.values.has(name)) return this.values.get(name);
    return this.isDecided(name) ? undefined : NOT_KNOWN;
  }
}
