// session.tsx - who is signed in, what they may do, and the end of it.
import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react';
import {
  api,
  onceOnly,
  type Schemas,
  type Scope,
  setCsrfToken,
  take,
  whenUnauthenticated,
} from './api/client';

type SignedIn = Schemas['SignedIn'];
type State =
  | { is: 'asking' | 'out' | 'unreachable'; who: null }
  | { is: 'in' | 'ended'; who: SignedIn };

interface Session {
  state: State;
  can: (scope: Scope) => boolean;
  signIn: (email: string, password: string) => Promise<void>;
  signOut: () => Promise<void>;
  askAgain: () => void;
}

const Context = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error('useSession outside of SessionProvider');
  return session;
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<State>({ is: 'asking', who: null });
  const queries = useQueryClient();

  // What another person saw is nothing for this one, however they came: another
  // tab may have signed somebody else in.
  const was = useRef<string | undefined>(undefined);
  const adopt = useCallback(
    (who: SignedIn) => {
      if (was.current !== who.user?.id) queries.clear();
      was.current = who.user?.id;
      setCsrfToken(who.csrf_token);
      setState({ is: 'in', who });
    },
    [queries],
  );

  const ask = useCallback(async () => {
    try {
      const { data, response } = await api.GET('/v1/session');
      if (data) adopt(data);
      else if (response.status === 401)
        setState((s) => (s.who ? { is: 'ended', who: s.who } : { is: 'out', who: null }));
      else setState((s) => (s.who ? s : { is: 'unreachable', who: null }));
    } catch {
      setState((s) => (s.who ? s : { is: 'unreachable', who: null }));
    }
  }, [adopt]);

  useEffect(() => {
    whenUnauthenticated(() =>
      setState((s) => (s.who ? { is: 'ended', who: s.who } : { is: 'out', who: null })),
    );
    void ask();
    // Another tab may have signed in or out meanwhile.
    const onVisible = () => {
      if (!document.hidden) void ask();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, [ask]);

  const session: Session = {
    state,
    can: (scope) => state.who?.permissions.includes(scope) ?? false,
    signIn: async (email, password) => {
      const who = await take(
        api.POST('/v1/session', { params: { header: onceOnly() }, body: { email, password } }),
      );
      adopt(who);
      void queries.invalidateQueries();
    },
    signOut: async () => {
      await take(api.DELETE('/v1/session', { params: { header: onceOnly() } }));
      queries.clear();
      setCsrfToken(null);
      setState({ is: 'out', who: null });
    },
    askAgain: () => void ask(),
  };
  return <Context.Provider value={session}>{children}</Context.Provider>;
}
