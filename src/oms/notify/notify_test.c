/* notify_test.c - webhooks without a key, and rows that verify must see. */
#include "oms/notify/notify_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/notify/notify_room.h"
#include "oms/notify/notify_sql.h"
#include "oms/room_testkit.h"
#include "oms/subject.h"
#include "store/sql.h"

#undef fail /* cmocka's, which hides ours. */

static err_t make_without_key(struct ctx *ctx, void *arg)
{
    struct webhook webhook;
    str secret;
    struct webhook_cmd cmd = {.url = STR("https://shop.example/"),
                              .types = STR(""),
                              .description = STR(""),
                              .is_active = true};
    (void)arg;
    return webhook_create(ctx, &cmd, &webhook, &secret);
}

static void without_a_key_file_no_secret_is_stored(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    assert_int_equal(testkit_run(kit, make_without_key, NULL), ERR_STATE);
    assert_string_equal(kit->err.slug, "no_key_file");
    assert_int_equal(testkit_events(kit, "webhook.created"), 0);
    assert_int_equal(testkit_verify(kit, &notify_room, NULL), 0);
    testkit_close(kit);
}

struct row {
    const char *secret;
    webhook_id id;
};

static err_t add_webhook(struct ctx *ctx, void *arg)
{
    struct row *row = arg;
    row->id.v = id_next(ctx->ids, ctx->now, 0);
    struct sql_arg args[] = {
        sql_i(row->id.v),
        sql_s(STR("https://shop.example/")),
        sql_s(STR("")),
        sql_s(STR("")),
        sql_i(1),
        sql_null(),
        sql_s(str_from_cstr(row->secret)),
        sql_i(0),
        sql_i(0),
        sql_i(ctx->now),
    };
    return sql_run(ctx, SQL_WEBHOOK_ADD, args, COUNT_OF(args), NULL);
}

/* A delivery of an event that is not there, beyond what was taken. */
static err_t add_delivery(struct ctx *ctx, void *arg)
{
    const struct row *row = arg;
    struct sql_arg args[] = {sql_i(row->id.v), sql_i(7),
                             sql_i(id_bucket(row->id.v)), sql_i(12345),
                             sql_i(ctx->now)};
    return sql_run_many(ctx, SQL_DELIVERY_ADD, args, COUNT_OF(args), 1, NULL);
}

static void an_open_secret_is_seen(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct row good = {.secret = "s1.01234567.AAAA"};
    struct row bad = {.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
    str first;
    assert_int_equal(testkit_run(kit, add_webhook, &good), OK);
    assert_int_equal(testkit_verify(kit, &notify_room, NULL), 0);
    assert_int_equal(testkit_run(kit, add_webhook, &bad), OK);
    assert_int_equal(testkit_verify(kit, &notify_room, &first), 1);
    testkit_close(kit);
}

static void a_delivery_of_nothing_is_seen(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct row row = {.secret = "s1.01234567.AAAA"};
    assert_int_equal(testkit_run(kit, add_webhook, &row), OK);
    assert_int_equal(testkit_run(kit, add_delivery, &row), OK);
    assert_int_equal(testkit_verify(kit, &notify_room, NULL), 1);
    testkit_close(kit);
}

/* ---- a replay since a time ---- */

enum { NOTED_MAX = 16 };

/* One webhook and events about nothing in particular, `at` as it pleases. */
struct replaying {
    struct testkit *kit;
    struct row row;
    utc_ms noon, at;
};

static err_t note(struct ctx *ctx, void *arg)
{
    const struct replaying *r = arg;
    struct event event = {
        .id = event_id(ctx, 7),
        .at = r->at,
        .type = STR("thing.done"),
        .subject_kind = STR("thing"),
        .subject_id = 7,
        .actor = ctx->actor,
    };
    return event_add_many(ctx, &event, 1);
}

/* An event of so many ms after noon. */
static void happen(struct replaying *r, utc_ms ms)
{
    r->at = r->noon + ms;
    assert_int_equal(testkit_run(r->kit, note, r), OK);
}

static err_t go_to_head(struct ctx *ctx, void *arg)
{
    const struct replaying *r = arg;
    struct webhook webhook;
    struct event_cursor head;
    bool is_taken;
    TRY(webhook_lock(ctx, r->row.id, 0, &webhook));
    TRY(event_head(ctx, &head));
    struct webhook_target target = {.id = webhook.id,
                                    .cursor_seq = webhook.cursor_seq,
                                    .taken = webhook.taken};
    TRY(webhook_take_now(ctx, &target, NULL, 0, head, &is_taken));
    assert_true(is_taken);
    return OK;
}

static err_t replay(struct ctx *ctx, void *arg)
{
    const struct replaying *r = arg;
    return webhook_replay_all(ctx, r->row.id, r->at);
}

static void replay_since(struct replaying *r, utc_ms ms)
{
    r->at = r->noon + ms;
    assert_int_equal(testkit_run(r->kit, replay, r), OK);
}

struct noted {
    const struct replaying *r;
    size_t count;
    utc_ms at[NOTED_MAX]; /* ms after noon */
};

static err_t read_wanted(struct ctx *ctx, void *arg)
{
    struct noted *noted = arg;
    struct webhook webhook;
    struct event_page page = {.limit = NOTED_MAX};
    TRY(webhook_get(ctx, noted->r->row.id, &webhook));
    struct webhook_target target = {.id = webhook.id, .replay = webhook.replay};
    TRY(webhook_wanted(ctx, &target, webhook.cursor, &page));
    noted->count = 0;
    for (size_t i = 0; i < page.count; i++)
        if (str_equal_cstr(page.items[i].type, "thing.done"))
            noted->at[noted->count++] = page.items[i].at - noted->r->noon;
    return OK;
}

static void assert_wanted(const struct replaying *r, const utc_ms *at,
                          size_t count)
{
    struct noted noted = {.r = r};
    assert_int_equal(testkit_read(r->kit, read_wanted, &noted), OK);
    assert_int_equal(noted.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(noted.at[i], at[i]);
}
#define ASSERT_WANTED(r, ...)                                                  \
    assert_wanted(r, (const utc_ms[]){__VA_ARGS__},                            \
                  COUNT_OF(((const utc_ms[]){__VA_ARGS__})))

static struct replaying replaying_open(void)
{
    struct replaying r = {.kit = testkit_open(),
                          .row = {.secret = "s1.01234567.AAAA"}};
    r.noon = r.kit->now;
    assert_int_equal(testkit_run(r.kit, add_webhook, &r.row), OK);
    return r;
}

/* Events of one moment stand in the log as their transactions came, not quite
 * by time. */
static void a_replay_since_a_time_is_exact(void **state)
{
    (void)state;
    struct replaying r = replaying_open();
    const utc_ms log[] = {-5000, -30, -10, -20, 0, -1, 10, -3, 20};
    for (size_t i = 0; i < COUNT_OF(log); i++)
        happen(&r, log[i]);
    assert_wanted(&r, log, COUNT_OF(log));
    assert_int_equal(testkit_run(r.kit, go_to_head, &r), OK);
    assert_wanted(&r, NULL, 0);
    replay_since(&r, 0);
    ASSERT_WANTED(&r, 0, 10, 20);
    happen(&r, -2); /* It was never sent. */
    ASSERT_WANTED(&r, 0, 10, 20, -2);
    replay_since(&r, 10);
    ASSERT_WANTED(&r, 0, 10, 20, -2);
    replay_since(&r, -10);
    ASSERT_WANTED(&r, -10, 0, -1, 10, -3, 20, -2);
    testkit_close(r.kit);
}

/* Nor does it pass over what waits. */
static void a_replay_loses_nothing_that_waits(void **state)
{
    (void)state;
    struct replaying r = replaying_open();
    happen(&r, -20);
    assert_int_equal(testkit_run(r.kit, go_to_head, &r), OK);
    happen(&r, -10);
    happen(&r, 10);
    replay_since(&r, 5);
    ASSERT_WANTED(&r, -10, 10);
    replay_since(&r, -20);
    ASSERT_WANTED(&r, -20, -10, 10);
    testkit_close(r.kit);
}

/* ---- large events ---- */

enum { LARGE_COUNT = 5, LARGE_BYTES = 3 * 1024 * 1024 };

static err_t add_large(struct ctx *ctx, void *arg)
{
    (void)arg;
    char *text = arena_array(ctx->arena, char, LARGE_BYTES);
    memset(text, 'x', LARGE_BYTES);
    memcpy(text, "{\"a\":\"", 6);
    memcpy(text + LARGE_BYTES - 2, "\"}", 2);
    for (int i = 0; i < LARGE_COUNT; i++)
        TRY(event_add(ctx, "thing.grown", "thing", 7, (str){text, LARGE_BYTES},
                      NULL));
    return OK;
}

struct paging {
    struct event_filter filter;
    struct event_page page;
    struct event_cursor at;
    bool is_cut;
};

static err_t read_large(struct ctx *ctx, void *arg)
{
    struct paging *paging = arg;
    struct buf buf;
    struct json_out out;
    paging->page = (struct event_page){.limit = LIMIT_PAGE};
    TRY(event_page(ctx, &paging->filter, paging->at, &paging->page));
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    event_page_write(&out, &paging->page);
    paging->at = paging->page.after;
    paging->is_cut = buf.is_full;
    return OK;
}

static void page_through(struct testkit *kit, struct paging *paging)
{
    size_t count = 0, pages = 0;
    paging->at = (struct event_cursor){0};
    do {
        assert_int_equal(testkit_read(kit, read_large, paging), OK);
        assert_false(paging->is_cut);
        count += paging->page.count;
        pages++;
    } while (!paging->page.is_end);
    assert_int_equal(count, LARGE_COUNT);
    assert_in_range(pages, 2, LARGE_COUNT);
}

static void large_events_make_short_pages(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    str type = STR("thing.*");
    struct paging all = {.at = {0}};
    struct paging picky = {
        .filter.types = {&type, 1}
    };
    assert_int_equal(testkit_run(kit, add_large, NULL), OK);
    testkit_settle(kit);
    page_through(kit, &all);
    page_through(kit, &picky);
    testkit_close(kit);
}

/* ---- what events are about ---- */

static void each_subject_is_shown_and_found_by_its_id(void **state)
{
    (void)state;
    struct arena *arena = arena_open();
    struct event event = {
        .id = 1,
        .type = STR("x"),
        .actor = {ACTOR_SYSTEM, 0},
        .data = STR("{}"),
        .subject_id = 263
    };
    for (size_t i = 0; i < subject_count; i++) {
        struct buf buf;
        struct json_out out;
        const char *kind;
        char id[ID_TEXT_BYTES];
        int64_t found = 0;
        size_t len = id_to_text(subject_kinds[i].prefix, event.subject_id, id);
        str text = str_printf(arena, "\"kind\":\"%s\",\"id\":\"%.*s\"",
                              subject_kinds[i].kind, (int)len, id);
        event.subject_kind = str_from_cstr(subject_kinds[i].kind);
        buf_init(&buf, arena, LIMIT_REPLY_BYTES);
        json_out_init(&out, &buf);
        event_write(&out, NULL, &event);
        assert_non_null(strstr(str_to_cstr(arena, buf_str(&buf)),
                               str_to_cstr(arena, text)));
        assert_true(subject_from_text((str){id, len}, &kind, &found));
        assert_int_equal(found, event.subject_id);
        assert_string_equal(subject_prefix(str_from_cstr(kind)),
                            subject_kinds[i].prefix);
    }
    assert_string_equal(subject_prefix(STR("package")), "pkg");
    assert_null(subject_prefix(STR("thing")));
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_key_file_no_secret_is_stored),
        cmocka_unit_test(an_open_secret_is_seen),
        cmocka_unit_test(a_delivery_of_nothing_is_seen),
        cmocka_unit_test(a_replay_since_a_time_is_exact),
        cmocka_unit_test(a_replay_loses_nothing_that_waits),
        cmocka_unit_test(large_events_make_short_pages),
        cmocka_unit_test(each_subject_is_shown_and_found_by_its_id),
    };
    int bad = 0;
    do
        bad += cmocka_run_group_tests_name("notify", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
