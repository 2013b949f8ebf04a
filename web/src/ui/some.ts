// some.ts - the first that a search finds, however far it has to look.
interface Page<T> {
  items: T[];
  next: string | null;
}
const ROUNDS = 40;

// A search looks at some thousands at a time: a page may be short or empty, and
// what is sought lies further on.
export async function some<T>(
  count: number,
  read: (limit: number, after?: string) => Promise<Page<T>>,
): Promise<Page<T>> {
  const items: T[] = [];
  let next: string | null = null;
  for (let i = 0; i < ROUNDS && items.length < count; i++) {
    const page: Page<T> = await read(count - items.length, next ?? undefined);
    items.push(...page.items);
    next = page.next;
    if (next === null) break;
  }
  return { items, next };
}
