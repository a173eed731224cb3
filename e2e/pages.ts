/** All items of a list that comes in pages. */
export async function allPages<T>(get: (token?: string) => Promise<{ items?: T[]; next?: string }>): Promise<T[]> {
  const all: T[] = [];
  const tokens = new Set<string>();
  for (let token: string | undefined; ;) {
    const { items = [], next } = await get(token);
    all.push(...items);
    if (!next) return all;
    // It would never end.
    if (tokens.has(next)) throw new Error(`a list goes on with the same page: ${next}`);
    tokens.add(next);
    token = next;
  }
}
