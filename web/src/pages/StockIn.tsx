// StockIn.tsx - units that came in: one SKU onto the shelf of one location.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { Ask } from '../ui/Ask';
import { useOnce } from '../ui/once';
import { useLocations } from '../ui/refs';
import { SkuField } from '../ui/sku';
import { look } from '../ui/ui';
import { many } from '../ui/words';
import { adjust, whole } from './Stock';

export function StockIn({ onClose }: { onClose: () => void }) {
  const locations = useLocations();
  const holding = locations.all.filter((one) => one.is_active);
  const [sku, setSku] = useState<Schemas['Sku'] | null>(null);
  const [location, setLocation] = useState('');
  const [units, setUnits] = useState('');
  const [reason, setReason] = useState('received');
  const keys = [['levels'], ['level'], ['movements'], ['start']];
  const { run, isBusy, problem } = useOnce(0, keys, onClose);
  const at = location || holding[0]?.code || '';
  const delta = whole(units) ?? 0;
  const act = () => {
    if (!sku) return;
    void run(
      (key) => adjust(key, reason.trim(), { sku: sku.code, location: at, delta }),
      `${many(delta, 'unit')} of ${sku.code} came in`,
    );
  };
  return (
    <Ask
      title="Receive stock"
      act="Put on the shelf"
      isBusy={isBusy}
      isReady={sku !== null && at !== '' && delta > 0 && reason.trim() !== ''}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      {sku ? (
        <p>
          <b>{sku.code}</b> {sku.title}{' '}
          <Button size="compact-xs" variant="subtle" onClick={() => setSku(null)}>
            Another
          </Button>
        </p>
      ) : (
        <SkuField label="What came in" onFound={setSku} />
      )}
      <div className={look.pairs}>
        <TextInput
          label="Units"
          inputMode="numeric"
          maxLength={9}
          value={units}
          onChange={(event) => setUnits(event.currentTarget.value)}
        />
        <NativeSelect
          label="Where"
          value={at}
          onChange={(event) => setLocation(event.currentTarget.value)}
          data={holding.map((one) => ({ value: one.code, label: one.name }))}
        />
      </div>
      <TextInput
        label="Reason"
        description="Stands with the movement for good."
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Ask>
  );
}
