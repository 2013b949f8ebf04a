// Tags.tsx - the tags of an order: put on, and taken off with a way back.
import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { api, onceOnly, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Icon } from '../../ui/icons';
import { refused, told } from '../../ui/toast';
import { Card, look } from '../../ui/ui';
import c from './Order.module.css';

type OrderOf = Schemas['Order'];

// What one puts on or takes off is right whatever somebody else did, so it is
// for the order as it is.
function useRetag(id: OrderOf['id']) {
  const queries = useQueryClient();
  const path = { id };
  return async (change: { add?: string[]; remove?: string[] }) => {
    const { version } = await take(api.GET('/v1/orders/{id}', { params: { path } }));
    const after = await take(
      api.POST('/v1/orders/{id}/tags', {
        params: { path, header: onceOnly() },
        body: { version, ...change },
      }),
    );
    queries.setQueryData(['order', id], after);
  };
}

export function Tags({ order }: { order: OrderOf }) {
  const { can } = useSession();
  const retag = useRetag(order.id);
  const [text, setText] = useState('');
  const mayChange = can('orders:write');
  function add(event: KeyboardEvent) {
    const tag = text.trim();
    if (event.key !== 'Enter' || !tag) return;
    retag({ add: [tag] }).then(() => setText(''), refused);
  }
  function remove(tag: string) {
    retag({ remove: [tag] }).then(
      () => told(`“${tag}” is off`, () => retag({ add: [tag] }).catch(refused)),
      refused,
    );
  }
  if (!mayChange && order.tags.length === 0) return null;
  return (
    <Card title="Tags">
      <div className={look.dialog}>
        {order.tags.length > 0 && (
          <span className={look.row}>
            {order.tags.map((tag) => (
              <span key={tag} className={`${look.badge} ${look.neutral}`}>
                {tag}
                {mayChange && (
                  <button
                    type="button"
                    className={c.copy}
                    aria-label={`Take off ${tag}`}
                    onClick={() => remove(tag)}
                  >
                    <Icon name="close" size={11} />
                  </button>
                )}
              </span>
            ))}
          </span>
        )}
        {mayChange && (
          <TextInput
            aria-label="Add a tag"
            placeholder="A tag, Enter"
            maxLength={64}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={add}
          />
        )}
      </div>
    </Card>
  );
}
