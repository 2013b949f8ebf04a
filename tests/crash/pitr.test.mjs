// pitr.test.mjs - PostgreSQL restored to a second, as docs/backup.md has it.
//
//   tools/pg-temp --set archive_mode=on --set wal_level=replica \
//     --set 'archive_command=mkdir -p ../archive && cp %p ../archive/%f' \
//     node --test tests/crash/pitr.test.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { ackCount, checkAcks } from './check.mjs';
import { Server, Store, conninfo, load, psql, run, sleep } from './rig.mjs';
import { stock } from './stock.mjs';

const dir = process.env.WHARF_PG_DIR ?? '';
const base = path.join(dir, 'base');
const isArchived = conninfo !== '' && psql('SHOW archive_mode') === 'on';
const owner = process.getuid() === 0
  ? ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--init-groups']
  : ['env'];
const bin = conninfo === '' ? '' : psql(
  "SELECT setting FROM pg_config WHERE name = 'BINDIR'");
const asOwner = (name, ...words) => execFileSync(owner[0],
  [...owner.slice(1), path.join(bin, name), ...words],
  { cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] });
const shell = (text) => execFileSync(owner[0],
  [...owner.slice(1), 'sh', '-c', text], { cwd: '/', stdio: 'inherit' });

async function orders(server, acks) {
  await load(server, 'intake', { connections: 8, seconds: 1, rate: 500, acks });
  return ackCount(acks);
}

// All that was written so far is in the archive.
async function archived() {
  const segment = psql('SELECT pg_walfile_name(pg_switch_wal())');
  for (let i = 0; psql('SELECT last_archived_wal FROM pg_stat_archiver') < segment;
    i++) {
    assert.ok(i < 300, 'the log is not archived');
    await sleep(100);
  }
}

function restore(at, port) {
  shell(`cat >>${base}/postgresql.conf <<'TEXT'
archive_mode = off
restore_command = 'cp ${dir}/archive/%f %p'
recovery_target_time = '${at}'
recovery_target_action = 'promote'
TEXT
touch ${base}/recovery.signal`);
  asOwner('pg_ctl', '-D', base, '-s', '-w', '-t', '120', '-l', `${dir}/log2`,
    '-o', `-p ${port}`, 'start');
}

// It answers before it may be written to.
async function promoted(to) {
  for (let i = 0; psql('SELECT pg_is_in_recovery()', to) === 't'; i++) {
    assert.ok(i < 300, 'the server stays in recovery');
    await sleep(100);
  }
}

test('PostgreSQL is restored to a second between two orders (A15.13)',
  { skip: !isArchived && 'needs a server that archives', timeout: 300000 },
  async () => {
    const store = new Store('postgres');
    const port = Number(psql('SHOW port')) + 1;
    const to = `${conninfo} port=${port}`;
    try {
      await stock(store);
      const server = await Server.start(store);
      const acks = [1, 2, 3].map((n) => path.join(store.dir, `acks-${n}`));
      const before = await orders(server, acks[0]);
      asOwner('pg_basebackup', '-h', dir, '-p', psql('SHOW port'), '-U',
        'postgres', '-D', base, '-X', 'stream', '-c', 'fast');
      const after = await orders(server, acks[1]);
      await sleep(500);
      const at = psql('SELECT clock_timestamp()');
      await sleep(500);
      const late = await orders(server, acks[2]);
      await server.stop();
      assert.ok(before > 0 && after > 0 && late > 0);
      await archived();
      restore(at, port);
      await promoted(to);
      store.env.WHARF_PG_CONNINFO = `${to} dbname=${store.database}`;
      await run('wharf', ['outbound', 'pause', '--reason', 'restored',
        ...store.args], { env: store.env });
      const count = psql('SELECT COUNT(*) FROM orders',
        store.env.WHARF_PG_CONNINFO);
      assert.equal(Number(count), before + after);
      const next = await Server.start(store);
      assert.equal(await checkAcks(next, acks[0]), before);
      assert.equal(await checkAcks(next, acks[1]), after);
      assert.equal((await next.must('GET', '/v1/system')).outbound.state, 'paused');
      await next.stop();
      await store.verify();
      console.log(`restored to ${at}: ${before + after} orders, ${late} later ones not`);
    } finally {
      try {
        asOwner('pg_ctl', '-D', base, '-s', '-m', 'immediate', 'stop');
      } catch { /* It never started. */ }
      store.drop();
    }
  });
