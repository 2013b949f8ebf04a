// live.ts - the event stream: what happened, batched, to whoever listens.
//
// One stream a tab, and none while the tab is hidden: a browser gives a host
// six connections. Coming back counts as having missed something.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import type { Schemas } from './client';
import { pace } from './pace';

export type LiveEvent = Schemas['Event'];
export type LiveState = 'live' | 'connecting' | 'off';

const TYPES =
  'order.*,fulfillment_order.*,pick_task.*,package.*,task.*,payment.*,stock.*,return.*,customer.*,webhook.*,draft.*,pickup.*,manifest.*,carrier_pickup.*,purchase_order.*,supplier.*';
const BATCH_MS = 100;
const BATCH_MAX = 500;
const AGAIN_MS = 3000;

type Listener = (events: LiveEvent[], hasGap: boolean) => void;
const listeners = new Set<Listener>();
const watchers = new Set<() => void>();
let state: LiveState = 'off';

function setState(next: LiveState) {
  if (state === next) return;
  state = next;
  for (const watcher of watchers) watcher();
}

let batch: LiveEvent[] = [];
let hasGap = false;
let timer: ReturnType<typeof setTimeout> | undefined;

function flush() {
  timer = undefined;
  const events = batch;
  const gap = hasGap;
  batch = [];
  hasGap = false;
  for (const listener of [...listeners]) listener(events, gap);
}

function soon() {
  if (timer === undefined) timer = setTimeout(flush, BATCH_MS);
}

function onMessage(message: MessageEvent<string>) {
  if (batch.length < BATCH_MAX) batch.push(JSON.parse(message.data) as LiveEvent);
  else hasGap = true;
  soon();
}

// Opens the stream; the function that is returned closes it for good.
export function openLive(onRefused: () => void): () => void {
  let source: EventSource | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  let wasOpen = false;

  function close() {
    clearTimeout(again);
    source?.close();
    source = null;
  }
  function open() {
    if (source || document.hidden || !navigator.onLine) return;
    setState('connecting');
    const opened = new EventSource(`/v1/events?type=${encodeURIComponent(TYPES)}`);
    source = opened;
    opened.onopen = () => {
      setState('live');
      if (wasOpen) {
        hasGap = true;
        soon();
      }
      wasOpen = true;
    };
    opened.onmessage = onMessage;
    opened.addEventListener('end', (event) => {
      if ((event as MessageEvent<string>).data.includes('unauthenticated')) onRefused();
    });
    opened.onerror = () => {
      setState('connecting');
      if (opened.readyState !== EventSource.CLOSED) return;
      close();
      onRefused();
      again = setTimeout(open, AGAIN_MS);
    };
  }
  function onVisible() {
    if (document.hidden) {
      close();
      setState('off');
    } else {
      open();
    }
  }

  // A stream that is cut off notices nothing by itself for long.
  function onOffline() {
    close();
    setState('connecting');
  }

  document.addEventListener('visibilitychange', onVisible);
  window.addEventListener('offline', onOffline);
  window.addEventListener('online', open);
  if (navigator.onLine) open();
  else setState('connecting');
  return () => {
    document.removeEventListener('visibilitychange', onVisible);
    window.removeEventListener('offline', onOffline);
    window.removeEventListener('online', open);
    close();
    setState('off');
  };
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );
}

export function useLiveEvents(listener: Listener) {
  useEffect(() => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [listener]);
}

// Query keys begin with one of these words; those of one order go on with its id.
const OF_ONE_ORDER = ['order', 'timeline', 'routing'];
const SHOWN_BY: Record<string, string[]> = {
  order: ['counts', 'latest', 'levels', 'movements'],
  fulfillment_order: ['fulfillment'],
  pick_task: ['picks', 'fulfillment'],
  package: ['packages', 'tracking', 'orphans'],
  task: ['tasks'],
  payment: ['payments'],
  sku: ['levels', 'movements'],
  return: ['returns'],
  customer: ['customers'],
  webhook: ['webhooks'],
  draft: ['drafts'],
  pickup: ['pickups'],
  manifest: ['manifests'],
  carrier_pickup: ['carrier-pickups'],
  purchase_order: ['purchases'],
  supplier: ['suppliers'],
};
const EVERYTHING = [...OF_ONE_ORDER, ...Object.values(SHOWN_BY).flat()];
const QUIET_MS = 400;
const LATER_MS = 400;

function touched(events: LiveEvent[], gap: boolean, add: (key: string[]) => void) {
  if (gap) for (const name of EVERYTHING) add([name]);
  for (const { subject } of events) {
    for (const name of SHOWN_BY[subject.kind] ?? []) add([name]);
    if (subject.kind === 'order' && subject.id)
      for (const name of OF_ONE_ORDER) add([name, subject.id]);
  }
}

// Has the queries on the screen asked again when what they show has changed.
export function useLiveQueries() {
  const queries = useQueryClient();
  useEffect(() => {
    const paced = pace<string>(
      (names) => {
        for (const name of names) void queries.invalidateQueries({ queryKey: name.split(' ') });
      },
      QUIET_MS,
      LATER_MS,
    );
    const listener: Listener = (events, gap) => {
      const changed: string[] = [];
      touched(events, gap, (key) => changed.push(key.join(' ')));
      if (changed.length > 0) paced.add(changed);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      paced.stop();
    };
  }, [queries]);
}
