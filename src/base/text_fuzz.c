/* text_fuzz.c - any bytes as a time, an id, a decimal, a zone, a number. */
#include "base/arena.h"
#include "base/id.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_time(str text)
{
    utc_ms at, again;
    if (!time_from_text(text, &at))
        return;
    char back[TIME_TEXT_BYTES];
    time_to_text(at, back);
    ASSERT(time_from_text((str){back, sizeof(back)}, &again));
    ASSERT(at == again);
}

static void try_id(str text)
{
    int64_t id;
    if (!id_from_text("ord", text, &id))
        return;
    char back[ID_TEXT_BYTES];
    size_t len = id_to_text("ord", id, back);
    ASSERT(str_equal((str){back, len}, text));
}

static void try_money(struct ctx *ctx, str text)
{
    static const char *const currencies[] = {"JPY", "EUR", "KWD", "CLF"};
    for (size_t i = 0; i < COUNT_OF(currencies); i++) {
        money value, again;
        err_clear(ctx);
        if (money_from_decimal(ctx, text, currencies[i], &value) != OK)
            continue;
        str back = money_to_decimal(ctx->arena, value);
        ASSERT(money_from_decimal(ctx, back, currencies[i], &again) == OK);
        ASSERT(money_equal(value, again));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    str text = {(const char *)data, size};
    int64_t number;
    char code[4];
    try_time(text);
    try_id(text);
    try_money(&ctx, text);
    if (str_to_i64(text, &number))
        ASSERT(size > 0);
    if (currency_from_str(text, code))
        ASSERT(currency_exponent(code) >= 0);
    if (zone_is_known(text)) {
        int64_t offset;
        utc_ms start;
        err_clear(&ctx);
        ASSERT(zone_offset(&ctx, text, 0, &offset) == OK);
        ASSERT(zone_day_start(&ctx, text, 0, &start) == OK);
        ASSERT(start <= 0 && start > -49 * INT64_C(3600000));
    }
    (void)str_is_utf8(text);
    arena_close(ctx.arena);
    return 0;
}
