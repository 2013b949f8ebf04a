// Shell.tsx - what stands around every page: menu, search, who, live, time.
import { ActionIcon, Menu, Modal, useMantineColorScheme } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { onlineManager } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Link, useLocation } from 'wouter';
import { openLive, useLiveQueries, useLiveState } from '../api/live';
import { SignInForm } from '../pages/SignIn';
import { useSession } from '../session';
import { Icon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { refused } from '../ui/toast';
import { say, zone } from '../ui/words';
import { Palette } from './Palette';
import { PAGES, type Page } from './pages';
import c from './Shell.module.css';

const SECOND_KEY_MS = 1200;

function useGoKeys() {
  const [, go] = useLocation();
  const { can } = useSession();
  const wentAt = useRef(0);
  const allowed = useMemo(() => PAGES.filter((page) => can(page.scope)), [can]);
  const keys = useMemo(() => {
    const all: Record<string, (event: KeyboardEvent) => void> = {
      g: () => {
        wentAt.current = Date.now();
      },
    };
    for (const page of allowed)
      all[page.key] = (event) => {
        if (Date.now() - wentAt.current > SECOND_KEY_MS) return;
        event.preventDefault();
        go(page.path);
      };
    return all;
  }, [allowed, go]);
  useKeys(keys);
}

function Live() {
  const state = useLiveState();
  const { can } = useSession();
  const off = can('events:read') ? 'Paused' : 'Not live';
  const text = { live: 'Live', connecting: 'Reconnecting…', off }[state];
  return (
    <span className={c.live} data-state={state} role="status">
      {text}
    </span>
  );
}

const PATIENCE_MS = 4000;

// Says that nothing comes and goes, and that nothing is lost by it.
function Offline() {
  const state = useLiveState();
  const isOnline = useSyncExternalStore(
    (watcher) => onlineManager.subscribe(watcher),
    () => onlineManager.isOnline(),
  );
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (state !== 'connecting') return setLong(false);
    const later = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(later);
  }, [state]);
  if (isOnline && !isLong) return null;
  return (
    <div className={c.offline} role="alert">
      {isOnline ? 'The server cannot be reached.' : 'This browser is offline.'} What you see may be
      old and what you typed stays; it goes on by itself.
    </div>
  );
}

function Colors() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const names = { light: 'Light', dark: 'Dark', auto: 'As the system' } as const;
  return (
    <>
      <Menu.Label>Colours</Menu.Label>
      {(['light', 'dark', 'auto'] as const).map((one) => (
        <Menu.Item
          key={one}
          role="menuitemradio"
          aria-checked={colorScheme === one}
          rightSection={colorScheme === one ? <Icon name="check" size={14} /> : null}
          onClick={() => setColorScheme(one)}
        >
          {names[one]}
        </Menu.Item>
      ))}
    </>
  );
}

function Me() {
  const { state, signOut } = useSession();
  const user = state.who?.user;
  const name = user?.name || user?.email || 'Signed in';
  return (
    <Menu position="top-start" width={220} withinPortal>
      <Menu.Target>
        <button type="button" className={c.me} aria-label={`Account of ${name}`}>
          <span className={c.face} aria-hidden="true">
            {name.charAt(0).toUpperCase()}
          </span>
          <span className={c.who}>
            <b>{name}</b>
            <small>{(user?.roles ?? []).map(say).join(', ')}</small>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Colors />
        <Menu.Divider />
        <Menu.Item
          leftSection={<Icon name="leave" size={15} />}
          onClick={() => signOut().catch(refused)}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Nav({ onGo }: { onGo: () => void }) {
  const [at] = useLocation();
  const { can } = useSession();
  const mine = PAGES.filter((page) => can(page.scope));
  const link = (page: Page) => (
    <Link
      key={page.path}
      href={page.path}
      className={c.page}
      aria-current={
        (page.path === '/' ? at === '/' : at.startsWith(page.path)) ? 'page' : undefined
      }
      onClick={onGo}
    >
      <Icon name={page.icon} />
      {page.title}
    </Link>
  );
  const setup = mine.filter((page) => page.isSetup);
  return (
    <nav aria-label="Pages" className={c.pages}>
      {mine.filter((page) => !page.isSetup).map(link)}
      {setup.length > 0 && <span className={c.group}>Set up</span>}
      {setup.map(link)}
    </nav>
  );
}

// The page stays as it was while somebody signs in again.
function Ended() {
  const { state } = useSession();
  return (
    <Modal
      opened={state.is === 'ended'}
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      lockScroll={false}
      centered
      title="Your session has ended"
    >
      <p className={c.ended}>Sign in again to go on where you were.</p>
      <SignInForm email={state.who?.user?.email ?? ''} />
    </Modal>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  const { askAgain, can, state } = useSession();
  const isLive = state.is === 'in' && can('events:read');
  const [at] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useLiveQueries();
  useGoKeys();
  useEffect(() => (isLive ? openLive(askAgain) : undefined), [isLive, askAgain]);
  // A page begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is what counts
  useEffect(() => {
    main.current?.scrollTo(0, 0);
  }, [at]);

  return (
    <div className={c.shell} data-open={isOpen}>
      <a className={c.skip} href="#main">
        To the content
      </a>
      <header className={c.bar}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? 'close' : 'menu'} />
        </ActionIcon>
        <b>Wharf</b>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Search"
          onClick={() => spotlight.open()}
        >
          <Icon name="search" />
        </ActionIcon>
      </header>
      <div className={c.side}>
        <div className={c.brand}>
          <span className={c.logo} aria-hidden="true">
            W
          </span>
          <b>Wharf</b>
          <Live />
        </div>
        <button type="button" className={c.find} onClick={() => spotlight.open()}>
          <Icon name="search" size={15} />
          <span>Search</span>
          <kbd>Ctrl K</kbd>
        </button>
        <Nav onGo={() => setOpen(false)} />
        <div className={c.foot}>
          <span className={c.zone} title="All times are shown in this time zone">
            Times in {zone.replaceAll('_', ' ')}
          </span>
          <Me />
        </div>
      </div>
      <main id="main" className={c.main} ref={main} tabIndex={-1}>
        <Offline />
        <div className={c.content}>{children}</div>
      </main>
      <Palette />
      <Ended />
    </div>
  );
}
