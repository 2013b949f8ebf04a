/* inventory_verify.c - the room's invariants, recomputed from its rows.
 *
 * Each check streams one or two tables once and keeps a small sum per level,
 * so that memory grows with the levels and not with the movements. A chain of
 * movements is checked without walking it: in an unbroken one every id but
 * the last is somebody's predecessor exactly once, so the scrambled sums of
 * all ids and of all predecessors differ by the last id alone.
 */
#include "oms/inventory/inventory_verify.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/inventory/inventory_room.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_store.h"
#include "oms/room.h"
#include "store/sql.h"

enum { BUCKETS = STOCK_HELD + 1 };

struct sums {
    struct sums *next;
    int64_t sku, location;
    int64_t in[BUCKETS]; /* Units that came to a bucket less those that left. */
    uint64_t chain;
    int64_t firsts;  /* Movements without a predecessor. */
    int64_t live[2]; /* Units of live holds and commits. */
    bool is_seen;    /* The level itself was read. */
};

struct check {
    verify_report_fn *report;
    void *arg;
    struct arena *arena; /* Outlives the rows. */
    struct map *levels;  /* By (SKU, location): struct sums. */
    struct sums *all;
    void (*compare)(struct check *check, const struct stock_level *level,
                    const struct sums *sums);
};

str level_text(struct arena *arena, int64_t sku, int64_t location)
{
    char a[ID_TEXT_BYTES], b[ID_TEXT_BYTES];
    int a_len = (int)id_to_text("sku", sku, a);
    int b_len = (int)id_to_text("loc", location, b);
    return str_printf(arena, "%.*s at %.*s", a_len, a, b_len, b);
}

static void report_level(struct check *check, const char *invariant,
                         const struct stock_level *level, str what)
{
    str row = level_text(check->arena, level->sku.v, level->location.v);
    check->report(check->arg, invariant, row, what);
}

static struct sums *sums_of(struct check *check, int64_t sku, int64_t location)
{
    struct map_key key = {.a = sku, .b = location};
    struct sums *sums = map_find(check->levels, key);
    if (!sums) {
        sums = arena_new(check->arena, struct sums);
        *sums =
            (struct sums){.next = check->all, .sku = sku, .location = location};
        check->all = sums;
        map_set(check->levels, key, sums);
    }
    return sums;
}

static uint64_t scramble(int64_t id)
{
    uint64_t x = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 32)) * UINT64_C(0xd6e8feb86659fd93);
    return x ^ (x >> 32);
}

static err_t add_movement(struct ctx *ctx, const struct sql_rows *row,
                          void *arg)
{
    (void)ctx;
    struct check *check = arg;
    struct sums *sums = sums_of(check, sql_int(row, 0, 0), sql_int(row, 0, 1));
    int64_t id = sql_int(row, 0, 2), prev = sql_int(row, 0, 3);
    int64_t from = sql_int(row, 0, 4), to = sql_int(row, 0, 5);
    sums->chain += scramble(id);
    if (prev == 0)
        sums->firsts++;
    else
        sums->chain -= scramble(prev);
    if (from >= 0 && from < BUCKETS)
        sums->in[from] -= sql_int(row, 0, 6);
    if (to >= 0 && to < BUCKETS)
        sums->in[to] += sql_int(row, 0, 6);
    return OK;
}

static err_t add_live(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    struct check *check = arg;
    struct sums *sums = sums_of(check, sql_int(row, 0, 0), sql_int(row, 0, 1));
    sums->live[sql_int(row, 0, 2) == RESERVATION_COMMIT] += sql_int(row, 0, 3);
    return OK;
}

static err_t compare_level(struct ctx *ctx, const struct sql_rows *row,
                           void *arg)
{
    (void)ctx;
    struct check *check = arg;
    struct stock_level level;
    level_read(row, 0, &level);
    struct sums *sums = sums_of(check, level.sku.v, level.location.v);
    sums->is_seen = true;
    check->compare(check, &level, sums);
    return OK;
}

/* Sums `stmt` per level and compares each level with its sums. */
static err_t run_sums(struct ctx *ctx, struct check *check, int stmt,
                      sql_each_fn *add, const char *invariant)
{
    check->arena = arena_open();
    check->levels = map_open(check->arena, 1024);
    err_t err = sql_each(ctx, stmt, NULL, 0, add, check);
    if (err == OK)
        err = sql_each(ctx, SQL_VERIFY_LEVELS, NULL, 0, compare_level, check);
    for (struct sums *sums = check->all; err == OK && sums; sums = sums->next)
        if (!sums->is_seen)
            check->report(check->arg, invariant,
                          level_text(check->arena, sums->sku, sums->location),
                          STR("rows name this level, which is not there"));
    arena_close(check->arena);
    return err;
}

/* ---- I1, I2: the numbers of one level ---- */

static void compare_signs(struct check *check, const struct stock_level *level,
                          const struct sums *sums)
{
    (void)sums;
    if (level->on_hand < 0 || level->committed < 0 || level->reserved < 0 ||
        level->damaged < 0 || level->quality_control < 0 || level->held < 0 ||
        level->incoming < 0 || level->safety_stock < 0)
        report_level(check, "I1", level, STR("a bucket is below zero"));
}

static void compare_fit(struct check *check, const struct stock_level *level,
                        const struct sums *sums)
{
    (void)sums;
    int64_t claimed = level->committed + level->reserved + level->damaged +
                      level->quality_control + level->held;
    if (claimed > level->on_hand)
        report_level(check, "I2", level,
                     str_printf(check->arena,
                                "%lld units are claimed of %lld on hand",
                                (long long)claimed, (long long)level->on_hand));
}

static err_t each_level(struct ctx *ctx, struct check *check)
{
    check->arena = arena_open();
    check->levels = map_open(check->arena, 1024);
    err_t err = sql_each(ctx, SQL_VERIFY_LEVELS, NULL, 0, compare_level, check);
    arena_close(check->arena);
    return err;
}

static err_t check_signs(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {
        .report = report, .arg = arg, .compare = compare_signs};
    return each_level(ctx, &check);
}

static err_t check_fit(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {.report = report, .arg = arg, .compare = compare_fit};
    return each_level(ctx, &check);
}

/* ---- I3: level = sum of movements ---- */

static void compare_units(struct check *check, const struct stock_level *level,
                          const struct sums *sums)
{
    const struct {
        const char *name;
        int64_t stored, summed;
    } rows[] = {
        {"on_hand",         level->on_hand,         -sums->in[STOCK_OUTSIDE] },
        {"committed",       level->committed,       sums->in[STOCK_COMMITTED]},
        {"reserved",        level->reserved,        sums->in[STOCK_RESERVED] },
        {"damaged",         level->damaged,         sums->in[STOCK_DAMAGED]  },
        {"quality_control", level->quality_control,
         sums->in[STOCK_QUALITY_CONTROL]                                     },
        {"held",            level->held,            sums->in[STOCK_HELD]     },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].stored != rows[i].summed)
            report_level(check, "I3", level,
                         str_printf(check->arena,
                                    "%s is %lld, its movements sum to %lld",
                                    rows[i].name, (long long)rows[i].stored,
                                    (long long)rows[i].summed));
}

static err_t check_units(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {
        .report = report, .arg = arg, .compare = compare_units};
    return run_sums(ctx, &check, SQL_VERIFY_MOVEMENTS, add_movement, "I3");
}

static void compare_chain(struct check *check, const struct stock_level *level,
                          const struct sums *sums)
{
    int64_t firsts = level->last_movement_id == 0 ? 0 : 1;
    uint64_t last =
        level->last_movement_id == 0 ? 0 : scramble(level->last_movement_id);
    if (sums->firsts != firsts || sums->chain != last)
        report_level(check, "I3", level,
                     STR("the chain of its movements is broken"));
}

static err_t check_chain(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {
        .report = report, .arg = arg, .compare = compare_chain};
    return run_sums(ctx, &check, SQL_VERIFY_MOVEMENTS, add_movement, "I3");
}

/* ---- I4: claims = live reservations ---- */

static void compare_live(struct check *check, const struct stock_level *level,
                         const struct sums *sums)
{
    if (level->committed != sums->live[1])
        report_level(check, "I4", level,
                     str_printf(check->arena,
                                "committed is %lld, live commits hold %lld",
                                (long long)level->committed,
                                (long long)sums->live[1]));
    if (level->reserved != sums->live[0])
        report_level(
            check, "I4", level,
            str_printf(check->arena, "reserved is %lld, live holds hold %lld",
                       (long long)level->reserved, (long long)sums->live[0]));
}

static err_t check_live(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {
        .report = report, .arg = arg, .compare = compare_live};
    return run_sums(ctx, &check, SQL_VERIFY_LIVE, add_live, "I4");
}

/* ---- rows that name others ---- */

static void report_id(struct ctx *ctx, struct check *check,
                      const char *invariant, const char *prefix, int64_t id,
                      str what)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(prefix, id, text);
    (void)ctx;
    check->report(check->arg, invariant, (str){text, len}, what);
}

static err_t see_successor(struct ctx *ctx, const struct sql_rows *row,
                           void *arg)
{
    const char *what = NULL;
    if (sql_int(row, 0, 1) != RESERVATION_MOVED)
        what = "it has a successor and was not moved";
    else if (sql_is_null(row, 0, 2))
        what = "it was moved and its successor is not there";
    else if (sql_int(row, 0, 3) != 0 || sql_int(row, 0, 4) != 0)
        what = "its successor is of another SKU or line";
    else if (sql_int(row, 0, 5) < 0)
        what = "its successor holds more units";
    else if (sql_int(row, 0, 2) == sql_int(row, 0, 0))
        what =
            "it is its own successor"; /* Ids of other writers may be less. */
    if (what)
        report_id(ctx, arg, "I4", "rsv", sql_int(row, 0, 0),
                  str_from_cstr(what));
    return OK;
}

static err_t check_successors(struct ctx *ctx, verify_report_fn *report,
                              void *arg)
{
    struct check check = {.report = report, .arg = arg};
    return sql_each(ctx, SQL_VERIFY_SUCCESSORS, NULL, 0, see_successor, &check);
}

static err_t see_held_end(struct ctx *ctx, const struct sql_rows *row,
                          void *arg)
{
    report_id(ctx, arg, "I4", "rsv", sql_int(row, 0, 0),
              STR("a held row is confirmed without a successor, or has one "
                  "and is not"));
    return OK;
}

static err_t check_held_ends(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    struct check check = {.report = report, .arg = arg};
    return sql_each(ctx, SQL_VERIFY_HELD_ENDS, NULL, 0, see_held_end, &check);
}

static err_t see_movement(struct ctx *ctx, const struct sql_rows *row,
                          void *arg)
{
    report_id(ctx, arg, "I29", "mov", sql_int(row, 0, 0),
              STR("it names an event that is not in the log"));
    return OK;
}

static err_t check_events(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {.report = report, .arg = arg};
    return sql_each(ctx, SQL_VERIFY_MOVEMENT_EVENTS, NULL, 0, see_movement,
                    &check);
}

static err_t see_bucket(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    report_id(ctx, arg, "bucket", "sku", sql_int(row, 0, 0),
              STR("a row is in another bucket than its SKU"));
    return OK;
}

static err_t check_buckets(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {.report = report, .arg = arg};
    return sql_each(ctx, SQL_VERIFY_BUCKETS, NULL, 0, see_bucket, &check);
}

static err_t see_policy(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    struct stock_level level = {.sku = {sql_int(row, 0, 0)},
                                .location = {sql_int(row, 0, 1)}};
    struct check *check = arg;
    check->arena = ctx->arena;
    report_level(check, "policy", &level,
                 STR("its policies are not those it counts, or are of a "
                     "channel that is not there"));
    return OK;
}

static err_t see_kit(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    struct stock_level level = {.sku = {sql_int(row, 0, 0)},
                                .location = {sql_int(row, 0, 1)}};
    struct check *check = arg;
    check->arena = ctx->arena;
    report_level(check, "I8", &level, STR("a kit has units of its own"));
    return OK;
}

static err_t check_kit_stock(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    struct check check = {.report = report, .arg = arg};
    return sql_each(ctx, SQL_VERIFY_KIT_STOCK, NULL, 0, see_kit, &check);
}

static err_t check_policies(struct ctx *ctx, verify_report_fn *report,
                            void *arg)
{
    struct check check = {.report = report, .arg = arg};
    return sql_each(ctx, SQL_VERIFY_POLICIES, NULL, 0, see_policy, &check);
}

/* How often each level was told low and not recovered: 1 where it is low. */
static err_t check_low(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {.report = report, .arg = arg, .arena = ctx->arena};
    struct level_filter all = {.limit = LIMIT_PAGE};
    struct map *told = map_open(ctx->arena, 64);
    struct sql_rows rows;
    size_t count = LIMIT_PAGE;
    TRY(sql_list(ctx, SQL_VERIFY_LOW_STOCK, NULL, 0, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t *times = arena_new(ctx->arena, int64_t);
        int64_t location = 0;
        *times = sql_int(&rows, i, 2);
        (void)id_from_text("loc", sql_str(&rows, i, 1), &location);
        map_set(told,
                (struct map_key){.a = sql_int(&rows, i, 0), .b = location},
                times);
    }
    while (count == LIMIT_PAGE) {
        struct arena_mark mark = arena_mark(ctx->arena);
        struct stock_level *levels;
        TRY(level_page(ctx, &all, &levels, &count));
        for (size_t i = 0; i < count; i++) {
            const struct stock_level *level = &levels[i];
            const int64_t *times =
                map_find(told, (struct map_key){.a = level->sku.v,
                                                .b = level->location.v});
            bool is_low = level->low_stock != LOW_NEVER &&
                          stock_available(level) <= level->low_stock;
            if ((times ? *times : 0) != is_low)
                report_level(&check, "low", level,
                             STR("stock.low and stock.recovered were not told "
                                 "once per crossing"));
            all.after = (struct level_key){level->sku, level->location};
        }
        arena_reset_to(ctx->arena, mark);
    }
    return OK;
}

static const struct verify_check checks[] = {
    {"I1",         "no bucket of a level is below zero",            check_signs          },
    {"I2",         "claimed units are on hand",                     check_fit            },
    {"I3",         "a level is the sum of its movements",           check_units          },
    {"I3",         "the movements of a level are one chain",        check_chain          },
    {"I4",         "claimed units are those of live reservations",  check_live           },
    {"I4",         "a moved reservation names its successor",       check_successors     },
    {"I4",         "a held row ends as it may",                     check_held_ends      },
    {"I3",         "a receipt is the movements it made",            verify_receipts      },
    {"lots",       "a level is the sum of its lots",                verify_lot_sums      },
    {"lots",       "a lot is the sum of its movements",             verify_lot_rows      },
    {"serials",    "a level is as many as its serial numbers",      verify_serial_sums   },
    {"serials",    "a serial number is where it can be",            verify_serial_rows   },
    {"I7",         "a transfer is what left, arrived and got lost", verify_transfers     },
    {"I3",         "a count posted what it found, once",            verify_counts        },
    {"incoming",   "incoming is what is expected",                  verify_incoming      },
    {"backorders", "backordered units sum up by SKU",               verify_backorder_sums},
    {"I29",        "every movement names its event",                check_events         },
    {"I3",         "a mark of a level is its movements until then", verify_level_marks   },
    {"I8",         "a kit has no stock of its own",                 check_kit_stock      },
    {"policy",     "policies are of levels and channels there are", check_policies       },
    {"low",        "each crossing of low stock is told once",       check_low            },
    {"bucket",     "rows of stock are in the bucket of the SKU",    check_buckets        },
};
const struct verify_list inventory_verify = {checks, COUNT_OF(checks)};
