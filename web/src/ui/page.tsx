// page.tsx - a page whose code comes when it is asked for. Not React.lazy: what
// has shown its fallback once is held back by React for 300 ms.
import { type ComponentType, createContext, useContext, useEffect, useState } from 'react';
import { ProblemView, Shades } from './ui';

// While nobody knows who is there, pages are fetched and not shown.
export const Ahead = createContext(false);

export function page<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
): ComponentType<P> {
  let found: ComponentType<P> | null = null;
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each page, as React.lazy is
  return function Page(props: P) {
    const isAhead = useContext(Ahead);
    const [Found, setFound] = useState(() => found);
    const [error, setError] = useState<Error | null>(null);
    useEffect(() => {
      let isOver = false;
      if (!found)
        load().then(
          (chunk) => {
            found = chunk.default;
            if (!isOver) setFound(() => found);
          },
          (reason: Error) => !isOver && setError(reason),
        );
      return () => {
        isOver = true;
      };
    }, []);
    if (isAhead) return null;
    if (Found) return <Found {...props} />;
    // A new version of the server has other files: the address is loaded anew.
    if (error) return <ProblemView error={error} retry={() => window.location.reload()} />;
    return <Shades lines={8} />;
  };
}
