// BulkDialog.tsx - one command for many orders: what it has to know, and then
// its job.
import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { api, type Schemas, type Scope, take } from '../../api/client';
import { Ask } from '../../ui/Ask';
import { useOnce } from '../../ui/once';
import { words } from '../../ui/words';
import { HoldReason } from '../order/Holds';

type Action = Schemas['OrderJobAction'];
type With = NonNullable<Schemas['OrderJobIn']['with']>;
export type Chosen = Pick<Schemas['OrderJobIn'], 'orders' | 'filter'>;

// What each is called, what it does, and who may; the server looks again.
export const BULK: Record<Action, { name: string; does: string; scope: Scope }> = {
  tag: { name: 'Tag', does: 'They get these tags.', scope: 'orders:write' },
  untag: { name: 'Take tags off', does: 'They lose these tags.', scope: 'orders:write' },
  hold: {
    name: 'Hold',
    does: 'Nothing of them is picked until they are let go. Stock stays reserved.',
    scope: 'orders:write',
  },
  release: { name: 'Let go', does: 'All that holds them ends.', scope: 'orders:write' },
  fulfil: {
    name: 'Fulfil',
    does: 'Each is taken so far, where that step is due.',
    scope: 'shipping:write',
  },
  label: {
    name: 'Buy labels',
    does: 'What is not packed is packed, and each parcel gets the best label there is.',
    scope: 'shipping:write',
  },
  invoice: { name: 'Invoice', does: 'Each is billed as it is now.', scope: 'finance:write' },
  cancel: {
    name: 'Cancel',
    does: 'All that has not left is cancelled; the stock is free at once.',
    scope: 'orders:write',
  },
};
const GOALS: [With['to'], string][] = [
  ['released', 'Free to be picked'],
  ['submitted', 'Asked of who keeps the stock'],
  ['accepted', 'Accepted by them'],
  ['packed', 'Picked and packed'],
  ['shipped', 'Shipped'],
];

function useWith(action: Action) {
  const [tags, setTags] = useState('');
  const [reason, setReason] = useState('');
  const [why, setWhy] = useState<Schemas['OrderHoldReason']>('address');
  const [to, setTo] = useState<With['to']>('packed');
  const tagged = (
    <TextInput
      label="Tags, with commas"
      value={tags}
      onChange={(event) => setTags(event.currentTarget.value)}
      data-autofocus
    />
  );
  const said = (
    <Textarea
      label={action === 'hold' ? 'Note' : 'Reason'}
      description={
        action === 'hold'
          ? 'For people here; it stands in no event.'
          : 'Stays on the timeline; no names or addresses.'
      }
      maxLength={500}
      rows={2}
      value={reason}
      onChange={(event) => setReason(event.currentTarget.value)}
      data-autofocus
    />
  );
  const text = reason.trim();
  const asked: Partial<Record<Action, [React.ReactNode, With, boolean]>> = {
    tag: [tagged, { tags: words(tags) }, words(tags).length > 0],
    untag: [tagged, { tags: words(tags) }, words(tags).length > 0],
    cancel: [said, { reason: text }, text !== ''],
    hold: [
      <>
        <HoldReason value={why} onChange={setWhy} />
        {said}
      </>,
      { reason: why, ...(text ? { note: text } : {}) },
      true,
    ],
    fulfil: [
      <NativeSelect
        key="to"
        label="How far"
        value={to}
        onChange={(event) => setTo(event.currentTarget.value as With['to'])}
        data={GOALS.map(([value, label]) => ({ value: value as string, label }))}
      />,
      { to },
      true,
    ],
  };
  const [fields, body, isRight] = asked[action] ?? [null, undefined, true];
  return { fields, body, isRight };
}

export function BulkDialog({
  action,
  chosen,
  text,
  onClose,
}: {
  action: Action;
  chosen: Chosen;
  text: string;
  onClose: () => void;
}) {
  const [, go] = useLocation();
  const { fields, body, isRight } = useWith(action);
  const { run, isBusy, problem } = useOnce(0, [['jobs']], onClose);
  const { name, does } = BULK[action];
  const act = () =>
    void run(async (key) => {
      const job = await take(
        api.POST('/v1/order-jobs', {
          params: { header: { 'Idempotency-Key': key } },
          body: { action, ...chosen, ...(body ? { with: body } : {}) },
        }),
      );
      go(`/jobs/${job.id}`);
    }, 'It is under way');
  return (
    <Ask
      title={`${name}: ${text}`}
      act={name}
      isGrave={action === 'cancel'}
      isBusy={isBusy}
      isReady={isRight}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <p>{does}</p>
      {fields}
    </Ask>
  );
}
