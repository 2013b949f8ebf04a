// Prices.tsx - the price list of a company: seen, filtered, written anew.
import { Button, Textarea, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { Anew, useOnce } from '../../ui/once';
import { Card, Empty, look, Money, ProblemView, Shades } from '../../ui/ui';
import { many, readMoney, typeMoney } from '../../ui/words';

type Company = Schemas['Company'];
type Price = Schemas['CompanyPrice'];
const SHOWN = 100;
const FILTER_FROM = 10;

// "SHOE-42 9.90": the amount is what stands last. The first line that cannot be
// read is told by its number.
export function readPrices(text: string, currency: string): { prices: Price[]; bad: number } {
  const prices: Price[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (!line.trim()) continue;
    const [, sku, amount] = /^\s*"?(.+?)"?[\s,;]+(\S+)\s*$/.exec(line) ?? [];
    const unit_price = amount ? readMoney(amount, currency) : null;
    if (!sku || !unit_price) return { prices: [], bad: i + 1 };
    prices.push({ sku: sku.replace(/[\s,;]+$/, ''), unit_price });
  }
  return { prices, bad: 0 };
}

function PricesDialog({
  company,
  prices,
  version,
  onClose,
}: {
  company: Company;
  prices: Price[];
  version: number; // Of the company, with these prices.
  onClose: () => void;
}) {
  const [text, setText] = useState(() =>
    prices.map((one) => `${one.sku}\t${typeMoney(one.unit_price)}`).join('\n'),
  );
  const { run, isBusy, problem, isStale } = useOnce(version, [['companies']], onClose);
  const read = readPrices(text, company.currency);
  const act = () =>
    void run(
      (key, version) =>
        take(
          api.PUT('/v1/companies/{id}/prices', {
            params: { path: { id: company.id }, header: { 'Idempotency-Key': key } },
            body: { version, prices: read.prices },
          }),
        ),
      'The prices are kept',
    );
  return (
    <Ask
      title={`Prices of ${company.name}`}
      act={read.prices.length ? `Keep ${many(read.prices.length, 'price')}` : 'Keep no prices'}
      size="lg"
      isBusy={isBusy}
      isReady={!isStale && read.bad === 0}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <Textarea
        label={`A SKU and its price in ${company.currency} on each line`}
        description="As it is copied from a spreadsheet. What is not here has no price of its own."
        error={read.bad > 0 && `Line ${read.bad.toLocaleString()} has no SKU and price`}
        className={look.code}
        rows={14}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
    </Ask>
  );
}

export function Prices({ company }: { company: Company }) {
  const { can } = useSession();
  const [filter, setFilter] = useState('');
  const [isChanging, setChanging] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['companies', company.id, 'prices', company.version],
    placeholderData: keepPreviousData,
    queryFn: async () => ({
      ...(await take(
        api.GET('/v1/companies/{id}/prices', { params: { path: { id: company.id } } }),
      )),
      version: company.version,
    }),
  });
  const all = data?.items ?? [];
  const wanted = filter.trim().toLowerCase();
  const met = all.filter((one) => one.sku.toLowerCase().includes(wanted));
  return (
    <Card
      title="Prices"
      isFlush
      aside={
        <>
          {all.length > FILTER_FROM && (
            <TextInput
              aria-label="Part of a SKU"
              placeholder="Part of a SKU"
              size="xs"
              value={filter}
              onChange={(event) => setFilter(event.currentTarget.value)}
            />
          )}
          {can('customers:write') && data && (
            <Button size="xs" variant="default" onClick={() => setChanging(true)}>
              Change the prices…
            </Button>
          )}
        </>
      }
    >
      {error && <ProblemView error={error} retry={() => void refetch()} />}
      {!data && !error && <Shades lines={3} />}
      {data && met.length === 0 && (
        <Empty title={wanted ? 'No such SKU in the list' : 'No prices of its own'}>
          <p>A line of a quote without a price takes the one that stands here.</p>
        </Empty>
      )}
      {met.length > 0 && (
        <table className={look.table}>
          <thead>
            <tr>
              <th>SKU</th>
              <th className={look.right}>Price</th>
            </tr>
          </thead>
          <tbody>
            {met.slice(0, SHOWN).map((one) => (
              <tr key={one.sku}>
                <td>{one.sku}</td>
                <td className={look.right}>
                  <Money of={one.unit_price} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {met.length > SHOWN && (
        <div className={look.more}>
          <span className={look.faint}>
            {SHOWN.toLocaleString()} of {met.length.toLocaleString()}; narrow them by a part of the
            SKU
          </span>
        </div>
      )}
      {isChanging && data && (
        <Anew version={data.version}>
          <PricesDialog
            company={company}
            prices={all}
            version={data.version}
            onClose={() => setChanging(false)}
          />
        </Anew>
      )}
    </Card>
  );
}
