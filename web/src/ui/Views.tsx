// Views.tsx - views of a list that people keep: tabs over it, each an address.
import { ActionIcon, Button, Checkbox, Menu, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { api, onceOnly, type Schemas, type Scope, take } from '../api/client';
import { useSession } from '../session';
import { Ask } from './Ask';
import { Icon } from './icons';
import { Anew, useOnce } from './once';
import { refused, told } from './toast';
import c from './Views.module.css';

type View = Schemas['View'];
type List = Schemas['ViewList'];

// The same filters are the same view, in whatever order they stand.
function ordered(query: string, without: string[] = []): string {
  const address = new URLSearchParams(query);
  for (const name of without) address.delete(name);
  address.sort();
  return address.toString();
}

const hrefOf = (path: string, query: string) => (query ? `${path}?${query}` : path);

function NameDialog({
  list,
  query,
  view,
  mayShare,
  onClose,
}: {
  list: List;
  query: string;
  view?: View; // Is given another name.
  mayShare: boolean;
  onClose: () => void;
}) {
  const [name, setName] = useState(view?.name ?? '');
  const [isShared, setShared] = useState(false);
  const { run, isBusy, problem, isStale } = useOnce(view?.version ?? 0, [['views']], onClose);
  const act = () =>
    void run(
      (key, version) => {
        const header = { 'Idempotency-Key': key };
        return view
          ? take(
              api.PATCH('/v1/views/{id}', {
                params: { path: { id: view.id }, header },
                body: { version, name: name.trim() },
              }),
            )
          : take(
              api.POST('/v1/views', {
                params: { header },
                body: { list, name: name.trim(), query, is_shared: isShared },
              }),
            );
      },
      (kept) => `“${kept.name}” is kept`,
    );
  return (
    <Ask
      title={view ? 'Another name' : 'Save the view'}
      act={view ? 'Rename' : 'Save'}
      isBusy={isBusy}
      isReady={!isStale && name.trim() !== ''}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <TextInput
        label="Name"
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      {!view && mayShare && (
        <Checkbox
          label="Everybody in the shop sees it"
          checked={isShared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
      )}
    </Ask>
  );
}

// What is done with a view at once, without a dialog.
function useActs() {
  const queries = useQueryClient();
  const after = async (call: Promise<unknown>, text: string, undo?: () => void) => {
    try {
      await call;
      told(text, undo);
    } catch (failure) {
      refused(failure);
    }
    void queries.invalidateQueries({ queryKey: ['views'] });
  };
  const change = (
    { id, version }: View,
    to: { query?: string; is_shared?: boolean },
    text: string,
  ) =>
    after(
      take(
        api.PATCH('/v1/views/{id}', {
          params: { path: { id }, header: onceOnly() },
          body: { version, ...to },
        }),
      ),
      text,
    );
  const again = ({ list, name, query, is_shared }: View) =>
    after(
      take(
        api.POST('/v1/views', {
          params: { header: onceOnly() },
          body: { list, name, query, is_shared },
        }),
      ),
      `“${name}” is back`,
    );
  const remove = (view: View) =>
    after(
      take(
        api.DELETE('/v1/views/{id}', {
          params: { path: { id: view.id }, header: onceOnly() },
        }),
      ),
      `“${view.name}” is gone`,
      view.is_own ? () => void again(view) : undefined,
    );
  return { change, remove };
}

function More({
  view,
  mayShare,
  rename,
  onGone,
}: {
  view: View;
  mayShare: boolean;
  rename: () => void;
  onGone: () => void;
}) {
  const { change, remove } = useActs();
  const share = view.is_shared ? 'Keep it for me alone' : 'Share it with the shop';
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={`What to do with “${view.name}”`}
        >
          <Icon name="more" size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {view.is_own && <Menu.Item onClick={rename}>Rename…</Menu.Item>}
        {view.is_own && (mayShare || view.is_shared) && (
          <Menu.Item
            onClick={() =>
              void change(
                view,
                { is_shared: !view.is_shared },
                view.is_shared ? 'It is yours alone' : 'Everybody sees it',
              )
            }
          >
            {share}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => void remove(view).then(onGone)}>Delete</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function Views({
  list,
  path,
  all,
  share,
  without,
}: {
  list: List;
  path: string;
  all: string; // What it shows without a filter.
  share: Scope;
  without?: string[]; // What stands in the address and is no filter.
}) {
  const { can } = useSession();
  const [, go] = useLocation();
  const { data } = useQuery({
    queryKey: ['views', list],
    queryFn: () => take(api.GET('/v1/views', { params: { query: { list } } })),
  });
  const views = data?.items ?? [];
  const query = ordered(useSearch(), without);
  const at = views.find((one) => ordered(one.query) === query);
  const [dialog, setDialog] = useState<'save' | 'rename' | null>(null);
  const { change } = useActs();
  // The view somebody began with: changed filters may be kept in it.
  const begun = useRef<string | null>(null);
  useEffect(() => {
    if (at) begun.current = at.id;
    else if (!query) begun.current = null;
  }, [at, query]);
  const bar = useRef<HTMLElement>(null);
  // On a phone the tabs go on beyond the edge.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the one that is shown
  useEffect(() => {
    const tab = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (tab && bar.current) bar.current.scrollLeft = tab.offsetLeft - bar.current.offsetLeft - 40;
  }, [at?.id]);
  const from = views.find((one) => one.id === begun.current && one.is_own);
  const mayShare = can(share);
  return (
    <nav className={c.views} aria-label="Views" ref={bar}>
      <Link href={path} className={c.view} aria-current={query === '' && !at ? 'page' : undefined}>
        {all}
      </Link>
      {views.map((view) => (
        <Link
          key={view.id}
          href={hrefOf(path, view.query)}
          className={c.view}
          aria-current={view === at ? 'page' : undefined}
          title={view.is_shared ? 'Shared with the shop' : undefined}
        >
          {view.name}
          {view.is_shared && <Icon name="people" size={13} />}
        </Link>
      ))}
      {at && (at.is_own || can('users:write')) && (
        <More
          view={at}
          mayShare={mayShare}
          rename={() => setDialog('rename')}
          onGone={() => go(path)}
        />
      )}
      {data && query !== '' && !at && (
        <span className={c.save}>
          {from && (
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => void change(from, { query }, `“${from.name}” shows this now`)}
            >
              Save into “{from.name}”
            </Button>
          )}
          <Button variant="subtle" size="compact-sm" onClick={() => setDialog('save')}>
            Save view…
          </Button>
        </span>
      )}
      {dialog && (
        <Anew version={at?.version ?? 0}>
          <NameDialog
            list={list}
            query={query}
            view={dialog === 'rename' ? at : undefined}
            mayShare={mayShare}
            onClose={() => setDialog(null)}
          />
        </Anew>
      )}
    </nav>
  );
}
