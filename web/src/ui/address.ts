// address.ts - what a view is of stands in its address: each filter by name.
import { useSearchParams } from 'wouter';

export function useAddress(): [URLSearchParams, (change: Record<string, string>) => void] {
  const [address, setAddress] = useSearchParams();
  const set = (change: Record<string, string>) =>
    setAddress(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(change))
          if (value) next.set(name, value);
          else next.delete(name);
        return next;
      },
      { replace: true },
    );
  return [address, set];
}
