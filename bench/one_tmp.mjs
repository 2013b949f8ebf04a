import { Server, SKUS, figure, intake, note, round, run, stocked, twin } from './lib.mjs';
const store = await stocked('sqlite');
const copies = [twin(store), twin(store)];
try {
  const server = await Server.start(store);
  const http = await intake(server, { connections: Number(process.env.CONNS ?? 64) });
  console.log(JSON.stringify(http));
  await server.stop(); (await import("node:fs")).copyFileSync(server.logFile,"/tmp/wsq_server.log");
  if (process.env.BARE) {
    const { out } = await run('bench_store', ['bare', '--store', `sqlite:${copies[0].at}`, '--twin', copies[1].at, '--count', '60000', '--batch', String(http.batch), '--skus', String(SKUS)]);
    console.log(out);
  }
} finally { for (const c of copies) c.drop(); store.drop(); }
