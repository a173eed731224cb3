import { allPages } from '../../e2e/pages';

test('a list is read to its last page', async () => {
  const pages: Record<string, { items?: number[]; next?: string }> = {
    first: { items: [1, 2], next: 'b' },
    b: { next: 'c' },
    c: { items: [3] },
  };
  expect(await allPages(async (token = 'first') => pages[token])).toEqual([1, 2, 3]);
});

test('a list that never ends is a failure', async () => {
  await expect(allPages(async () => ({ items: [1], next: 'again' }))).rejects.toThrow('the same page: again');
});
