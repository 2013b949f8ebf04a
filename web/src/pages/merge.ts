// merge.ts - a first page that was read anew, before what was read of the rest.
export interface Page<T> {
  items: T[];
  next: string | null;
}

// Ids fall from the first item to the last. What is newer than the end of the
// fresh page is as it says; what is older stays as it was read. Undefined where
// more is new than the page holds, so that something is missing between.
export function mergeFirst<T extends { id: string }>(
  pages: Page<T>[],
  fresh: Page<T>,
): Page<T>[] | undefined {
  const last = fresh.items.at(-1);
  if (!last || fresh.next === null) return [fresh];
  const newest = pages.find((page) => page.items.length > 0)?.items[0];
  if (newest && newest.id < last.id) return undefined;
  const older = pages.map(({ items, next }) => ({
    items: items.filter((item) => item.id < last.id),
    next,
  }));
  const [first, ...rest] = older;
  return [
    {
      items: [...fresh.items, ...(first?.items ?? [])],
      next: first?.items.length ? first.next : fresh.next,
    },
    ...rest,
  ];
}
