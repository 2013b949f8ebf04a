// Bulk.tsx - the orders chosen in a list, and what may be done to all of them.
import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useSession } from '../../session';
import { many } from '../../ui/words';
import type { OrderFilter } from '../useOrders';
import { BULK, BulkDialog, type Chosen } from './BulkDialog';
import c from './Jobs.module.css';

type Action = Schemas['OrderJobAction'];
type Ids = ReadonlySet<Schemas['OrderId']>;
export interface Choice {
  ids: Ids;
  isAll: boolean; // All that match, whatever is loaded.
}
export const NONE: Choice = { ids: new Set(), isAll: false };

export function toggled({ ids }: Choice, id: Schemas['OrderId']): Choice {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, isAll: false };
}

// What a job may be asked to do by whom; nobody chooses for nothing.
export function useBulkActions(): Action[] {
  const { can } = useSession();
  return (Object.keys(BULK) as Action[]).filter((one) => can(BULK[one].scope));
}

export function BulkBar({
  choice,
  filter,
  set,
}: {
  choice: Choice;
  filter: OrderFilter;
  set: (to: Choice) => void;
}) {
  const [action, setAction] = useState<Action | null>(null);
  const actions = useBulkActions();
  const { q, ...by } = filter;
  const count = choice.ids.size;
  if (count === 0) return null;
  const text = choice.isAll ? 'all that match' : many(count, 'order');
  const chosen: Chosen = choice.isAll ? { filter: by } : { orders: [...choice.ids] };
  return (
    <section className={c.bar} aria-label="Chosen orders">
      <b>{choice.isAll ? 'All that match are chosen' : `${many(count, 'order')} chosen`}</b>
      {!choice.isAll && !q && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => set({ ...choice, isAll: true })}
          title="10,000 at most"
        >
          Choose all that match
        </Button>
      )}
      <span className={c.grow} />
      <Menu position="bottom-end" width={200} withinPortal>
        <Menu.Target>
          <Button size="xs">Do…</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {actions.map((one) => (
            <Menu.Item key={one} onClick={() => setAction(one)}>
              {BULK[one].name}…
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button size="xs" variant="default" onClick={() => set(NONE)}>
        Choose none
      </Button>
      {action && (
        <BulkDialog action={action} chosen={chosen} text={text} onClose={() => setAction(null)} />
      )}
    </section>
  );
}
