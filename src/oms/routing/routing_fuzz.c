/* routing_fuzz.c - any bytes as a site, a table or a strategy: structures or a
 * refusal. */
#include "base/arena.h"
#include "base/json.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct ctx *ctx, err_t err)
{
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID ||
           err == ERR_TOO_LARGE);
    ASSERT(err == OK || ctx->err.text[0] != '\0');
}

static void open_book(struct arena *arena, struct routing_book *ret)
{
    *ret = (struct routing_book){.arena = arena,
                                 .site_codes = map_open(arena, 1),
                                 .clocks = map_open(arena, 1),
                                 .zone_codes = map_open(arena, 1)};
}

static void try_table(struct ctx *ctx, str body, enum routing_table table,
                      bool is_strict)
{
    struct json_in *in;
    struct routing_book book;
    open_book(ctx->arena, &book);
    err_clear(ctx);
    err_t err = json_parse(ctx, body, &in);
    if (err == OK)
        err = table_decode(ctx, in, table, is_strict, &book);
    check(ctx, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct csv_column columns[] = {
        {"to",   CSV_TEXT  },
        {"days", CSV_NUMBER}
    };
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    struct routing_book book;
    struct routing_site site = {.version = 0};
    struct routing_strategy strategy = {.version = 0};
    str body = {(const char *)data, size};
    struct csv_items items;
    open_book(ctx.arena, &book);
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = site_decode(&ctx, in, &site);
    check(&ctx, err);
    err_clear(&ctx);
    err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = scenarios_decode(&ctx, in, &book, size % 2 == 0, &strategy);
    check(&ctx, err);
    for (int table = TABLE_MARKETS; table < TABLE_COUNT; table++)
        try_table(&ctx, body, (enum routing_table)table, size % 2 == 0);
    err_clear(&ctx);
    check(&ctx, csv_to_items(&ctx, body, columns, COUNT_OF(columns), &items));
    arena_close(ctx.arena);
    return 0;
}
