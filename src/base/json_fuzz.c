/* json_fuzz.c - any bytes as a body: read all of it, write it, read it again.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_parse.h"
#include "base/json_raw.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_known(struct json_in *in)
{
    static const char *const names[] = {"one", "two"};
    int64_t n;
    int e;
    str s;
    bool b;
    money m;
    struct json_list list;
    struct json_in *object = NULL;
    err_t err = json_opt_i64(in, "n", -100, 100, &n);
    err = err ? err : json_opt_str(in, "s", 0, 50, &s);
    err = err ? err : json_opt_bool(in, "b", &b);
    err = err ? err : json_opt_id(in, "id", "ord", &n);
    err = err ? err : json_opt_time(in, "at", &n);
    err = err ? err : json_opt_enum(in, "e", names, 2, &e);
    err = err ? err : json_opt_money(in, "m", "EUR", &m);
    err = err ? err : json_opt_raw(in, "r", 100, &s);
    err = err ? err : json_opt_object(in, "o", &object);
    if (err == OK && object)
        err = json_get_money(object, "m", NULL, &m);
    if (err == OK && json_get_list(in, "l", 0, 9, &list) == OK) {
        for (size_t i = 0; i < list.count; i++)
            (void)(json_list_str(&list, i, 1, 9, &s) != OK);
    }
    (void)(json_end(in) != OK);
}

/* Both parsers take the same bodies and see the same in them. */
static void compare_parsers(str body)
{
    struct ctx quick = {.arena = arena_open()};
    struct ctx slow = {.arena = quick.arena};
    struct json_node a, b;
    err_t err = json_parse_node(&quick, body, &a);
    ASSERT(err == json_parse_slowly(&slow, body, &b));
    if (err == OK) {
        struct buf x, y;
        buf_init(&x, quick.arena, LIMIT_REPLY_BYTES);
        buf_init(&y, quick.arena, LIMIT_REPLY_BYTES);
        json_raw_add(&x, &a);
        json_raw_add(&y, &b);
        ASSERT(str_equal(buf_str(&x), buf_str(&y)));
    }
    arena_close(quick.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    compare_parsers((str){(const char *)data, size});
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    str body = {(const char *)data, size};
    if (json_parse(&ctx, body, &in) == OK) {
        /* A key of its own holds the whole body; what comes out of the raw
         * writer must read back and come out the same. */
        struct buf outer;
        buf_init(&outer, ctx.arena, size + 100);
        buf_addf(&outer, "{\"x\":%.*s}", STR_ARG(body));
        struct json_in *whole = NULL, *again = NULL;
        str raw, raw_again;
        if (json_parse(&ctx, buf_str(&outer), &whole) == OK &&
            json_any_raw(whole, "x", LIMIT_REPLY_BYTES, &raw) == OK) {
            buf_clear(&outer);
            str next = str_printf(ctx.arena, "{\"x\":%.*s}", STR_ARG(raw));
            ASSERT(json_parse(&ctx, next, &again) == OK);
            ASSERT(json_any_raw(again, "x", LIMIT_REPLY_BYTES, &raw_again) ==
                   OK);
            ASSERT(str_equal(raw, raw_again));
        }
        err_clear(&ctx);
        read_known(in);
    } else {
        ASSERT(in == NULL);
        ASSERT(ctx.err.code != OK);
    }
    ASSERT(str_is_utf8(str_from_cstr(ctx.err.field)));
    ASSERT(str_is_utf8(str_from_cstr(ctx.err.text)));
    arena_close(ctx.arena);
    return 0;
}
