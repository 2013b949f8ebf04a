// Jobs.tsx - commands on many orders, the newest first.
import { Link } from 'wouter';
import { api, take } from '../../api/client';
import { Icon } from '../../ui/icons';
import { Table, useList } from '../../ui/list';
import { Badge, look, PageHead, Time } from '../../ui/ui';
import { BULK } from './BulkDialog';

const PAGE = 50;

export default function Jobs() {
  const list = useList(['jobs', 'list'], (after) =>
    take(api.GET('/v1/order-jobs', { params: { query: { limit: PAGE, after } } })),
  );
  return (
    <>
      <Link href="/orders" className={look.back}>
        <Icon name="back" size={14} /> Orders
      </Link>
      <PageHead title="Jobs" />
      <div className={look.card}>
        <Table
          of={list}
          noun="job"
          empty="No jobs yet"
          hint="Choose orders in their list: what is done to many of them at once stands here."
          heads={[
            ['What'],
            ['State'],
            ['Orders', look.right],
            ['Done', look.right],
            ['Failed', look.right],
            ['Begun', look.roomy],
          ]}
          row={(job) => (
            <tr key={job.id}>
              <td className={look.strong}>
                <Link href={`/jobs/${job.id}`}>{BULK[job.action].name}</Link>
              </td>
              <td>
                <Badge word={job.state} tone={job.state === 'done' ? 'good' : 'info'} />
              </td>
              <td className={look.right}>{job.total.toLocaleString()}</td>
              <td className={look.right}>{job.done.toLocaleString()}</td>
              <td className={look.right}>{job.failed.toLocaleString()}</td>
              <td className={look.roomy}>
                <Time at={job.created_at} />
              </td>
            </tr>
          )}
        />
      </div>
    </>
  );
}
