/* reader.c - reads on snapshot connections. */
#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "store/pipeline.h"

static err_t read_once(struct store *store, struct store_tx *tx,
                       struct work *work)
{
    TRY(store->ops->begin(&work->ctx, tx));
    err_t err = work->kind->run(work);
    store->ops->rollback(tx);
    return err;
}

void reader_run(struct store *store, struct store_tx *tx, struct id_source *ids,
                struct work *work)
{
    enum { TRIES = 5 };
    ASSERT(work->kind->run != NULL);
    work->err = ERR_RETRY;
    for (int i = 0; i < TRIES && work->err == ERR_RETRY; i++) {
        work_reset(work, tx, ids);
        work->err = read_once(store, tx, work);
    }
    if (work->err == ERR_RETRY) {
        err_clear(&work->ctx);
        work->err = fail(&work->ctx, ERR_BUSY, "", "the read met conflicts");
    }
    if (work->err == ERR_BUSY || work->err == ERR_INTERNAL)
        log_ctx(&work->ctx, LOG_ERROR, "read", "%s: %s", work->kind->name,
                work->ctx.err.text);
    work->ctx.tx = NULL;
    work->done(work);
}

void *reader_main(void *arg)
{
    struct reader *reader = arg;
    struct work *work;
    while ((work = queue_take_read(reader->store)) != NULL)
        reader_run(reader->store, reader->tx, NULL, work);
    return NULL;
}
