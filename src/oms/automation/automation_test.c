/* automation_test.c - tasks: their table, their moves, what events do. */
#include "base/id.h"
#include "base/testing_grid.h"
#include "oms/automation/automation_task.h"
#include "oms/room.h"
#include "oms/room_testkit.h"
#include "oms/subject.h"
#include "store/event.h"

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &task_machine, "docs/states/task.md", 0);
    assert_int_equal(task_allow(ctx, TASK_RESOLVED, TASK_EVENT_ASSIGN),
                     ERR_STATE);
    assert_non_null(strstr(ctx->err.text, "assign is refused in state "
                                          "resolved; allowed: reopen"));
}

static str when_text(struct arena *arena, const struct task_when *list)
{
    str text = STR_NONE;
    for (size_t i = 0; i < TASK_TYPES && list[i].type; i++)
        text = str_printf(arena, "%.*s%s`%s`%s", STR_ARG(text), i ? ", " : "",
                          list[i].type, list[i].test ? " *" : "");
    return text.len > 0 ? text : STR("-");
}

static void the_table_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    const char *doc = test_read_doc(ctx->arena, "docs/tasks.md");
    for (size_t i = 0; i < task_rule_count; i++) {
        const struct task_rule *rule = &task_rules[i];
        str row =
            str_printf(ctx->arena, "| %s | %.*s | %.*s | %d | %s |", rule->kind,
                       STR_ARG(when_text(ctx->arena, rule->opens)),
                       STR_ARG(when_text(ctx->arena, rule->closes)),
                       rule->due_h, rule->role);
        if (!strstr(doc, str_to_cstr(ctx->arena, row)))
            fail_msg("docs/tasks.md lacks the row:\n%.*s\n", STR_ARG(row));
        assert_non_null(strstr(doc, rule->what));
    }
}

/* Whether a file of the rooms, but of this one or of a test, has the text. */
static bool is_written(struct arena *arena, str files, const char *text)
{
    while (files.len > 0) {
        struct arena_mark mark = arena_mark(arena);
        const char *path = str_to_cstr(arena, str_split(files, '\n', &files));
        bool is_there = strncmp(path, "src/oms/", 8) == 0 &&
                        !strstr(path, "/automation/") &&
                        !strstr(path, "_test.c") &&
                        strstr(test_read_doc(arena, path), text);
        arena_reset_to(arena, mark);
        if (is_there)
            return true;
    }
    return false;
}

static void assert_written(struct arena *arena, const struct task_when *list)
{
    str files = str_from_cstr(test_read_doc(arena, "build/gen/sources.txt"));
    assert_true(files.len > 0);
    for (size_t i = 0; i < TASK_TYPES && list[i].type; i++) {
        str kind, type = str_from_cstr(list[i].type);
        kind = str_split(type, '.', &type);
        assert_non_null(subject_prefix(kind));
        str text = str_printf(arena, "\"%s\"", list[i].type);
        if (!is_written(arena, files, str_to_cstr(arena, text)))
            fail_msg("no room writes the event %s", list[i].type);
    }
}

/* An event that was renamed would open and close nothing, and nobody tells. */
static void the_events_of_the_table_are_written_somewhere(void **state)
{
    struct ctx *ctx = *state;
    for (size_t i = 0; i < task_rule_count; i++) {
        assert_written(ctx->arena, task_rules[i].opens);
        assert_written(ctx->arena, task_rules[i].closes);
    }
}

/* ---- events ---- */

static int open_kit(void **state)
{
    *state = testkit_open();
    return 0;
}

static int close_kit(void **state)
{
    testkit_close(*state);
    return 0;
}

#define KIT(test) cmocka_unit_test_setup_teardown(test, open_kit, close_kit)

static const int64_t PARCEL = (INT64_C(1) << 40) + 7;
static const int64_t ORDER = (INT64_C(1) << 41) + 7;

struct happening {
    const char *type, *kind;
    int64_t subject;
    const char *data;
};

static err_t happen(struct ctx *ctx, void *arg)
{
    const struct happening *h = arg;
    TRY(event_add(ctx, h->type, h->kind, h->subject, str_from_cstr(h->data),
                  NULL));
    return OK;
}

static err_t follow(struct ctx *ctx, void *arg)
{
    (void)arg;
    for (size_t count = 1; count > 0;)
        TRY(event_step(ctx, automation_events.at, 2, &count));
    return OK;
}

static void tell(struct testkit *kit, const char *type, const char *subject,
                 int64_t id, const char *data)
{
    struct happening h = {type, subject, id, data};
    kit->now += 1000;
    assert_ok(kit, testkit_run(kit, happen, &h));
    testkit_settle(kit);
    assert_ok(kit, testkit_run(kit, follow, NULL));
}

/* The first open task by due time; how many there are. */
struct seen {
    struct task_filter filter;
    struct task first;
    size_t count;
};
static err_t look(struct ctx *ctx, void *arg)
{
    struct seen *seen = arg;
    struct task *tasks;
    seen->filter.limit = 10;
    TRY(task_page(ctx, &seen->filter, &tasks, &seen->count));
    if (seen->count > 0)
        seen->first = *tasks;
    return OK;
}

static struct task only(struct testkit *kit, enum task_state state)
{
    struct seen seen = {.filter = {.state = state}};
    assert_ok(kit, testkit_read(kit, look, &seen));
    assert_int_equal(seen.count, 1);
    return seen.first;
}

static size_t count_of(struct testkit *kit, enum task_state state)
{
    struct seen seen = {.filter = {.state = state}};
    assert_ok(kit, testkit_read(kit, look, &seen));
    return seen.count;
}

static void assert_verified(struct testkit *kit)
{
    str first;
    if (testkit_verify(kit, &automation_room, &first) > 0)
        fail_msg("%.*s", STR_ARG(first));
}

static void an_event_opens_one_task_and_another_closes_it(void **state)
{
    struct testkit *kit = *state;
    char data[80], order[ID_TEXT_BYTES];
    int len = (int)id_to_text("ord", ORDER, order);
    snprintf(data, sizeof(data), "{\"order_id\":\"%.*s\"}", len, order);
    tell(kit, "package.label_refused", "package", PARCEL, data);
    tell(kit, "package.label_refused", "package", PARCEL, data);
    tell(kit, "package.created", "package", PARCEL, data);
    struct task task = only(kit, TASK_OPEN);
    assert_int_equal(task.times, 2);
    assert_int_equal(task.version, 2);
    assert_int_equal(task.order.v, ORDER);
    assert_int_equal(task.due_at - task.opened_at, 4 * 3600 * 1000);
    assert_int_equal(testkit_events(kit, "task.opened"), 1);
    assert_int_equal(testkit_events(kit, "task.repeated"), 1);
    tell(kit, "package.labelled", "package", PARCEL, data);
    tell(kit, "package.labelled", "package", PARCEL, data);
    task = only(kit, TASK_RESOLVED);
    assert_int_equal(task.resolution, TASK_OVER);
    assert_int_equal(testkit_events(kit, "task.resolved"), 1);
    tell(kit, "package.label_refused", "package", PARCEL, data);
    assert_int_equal(only(kit, TASK_OPEN).times, 1);
    assert_verified(kit);
}

static void a_promise_counts_as_late_past_a_week(void **state)
{
    struct testkit *kit = *state;
    tell(kit, "order.promise_changed", "order", ORDER,
         "{\"promised_before\":null,\"promise_at\":\"2026-03-01T00:00:00Z\"}");
    tell(kit, "order.promise_changed", "order", ORDER,
         "{\"promised_before\":\"2026-03-01T00:00:00Z\",\"promise_at\":"
         "\"2026-03-08T00:00:00Z\"}");
    assert_int_equal(testkit_events(kit, "task.opened"), 0);
    tell(kit, "order.promise_changed", "order", ORDER,
         "{\"promised_before\":\"2026-03-08T00:00:00Z\",\"promise_at\":null}");
    assert_str(only(kit, TASK_OPEN).kind, "order_late");
    tell(kit, "order.allocated", "order", ORDER, "{\"waiting\":2}");
    assert_int_equal(only(kit, TASK_OPEN).version, 1);
    tell(kit, "order.allocated", "order", ORDER, "{\"waiting\":0}");
    assert_str(only(kit, TASK_RESOLVED).kind, "order_late");
    assert_verified(kit);
}

static void a_refused_address_is_a_task_of_its_own(void **state)
{
    struct testkit *kit = *state;
    tell(kit, "package.label_refused", "package", PARCEL,
         "{\"reason\":\"to.postal_code\"}");
    assert_str(only(kit, TASK_OPEN).kind, "address_refused");
    tell(kit, "package.labelled", "package", PARCEL, "{}");
    assert_str(only(kit, TASK_RESOLVED).kind, "address_refused");
    tell(kit, "package.label_refused", "package", PARCEL,
         "{\"reason\":\"total\"}");
    assert_str(only(kit, TASK_OPEN).kind, "label_refused");
    assert_verified(kit);
}

static void only_what_is_left_of_a_rejected_order_is_a_task(void **state)
{
    struct testkit *kit = *state;
    tell(kit, "fulfillment_order.rejected", "fulfillment_order", PARCEL,
         "{\"status\":\"cancelled\"}");
    assert_int_equal(testkit_events(kit, "task.opened"), 0);
    tell(kit, "fulfillment_order.rejected", "fulfillment_order", PARCEL,
         "{\"status\":\"open\"}");
    assert_str(only(kit, TASK_OPEN).kind, "request_rejected");
    tell(kit, "fulfillment_order.cut", "fulfillment_order", PARCEL,
         "{\"status\":\"open\"}");
    assert_int_equal(only(kit, TASK_OPEN).version, 1);
    tell(kit, "fulfillment_order.cut", "fulfillment_order", PARCEL,
         "{\"status\":\"cancelled\"}");
    assert_str(only(kit, TASK_RESOLVED).kind, "request_rejected");
    tell(kit, "fulfillment_order.cancellation_accepted", "fulfillment_order",
         PARCEL, "{\"status\":\"incomplete\"}");
    assert_str(only(kit, TASK_OPEN).kind, "fulfillment_incomplete");
    tell(kit, "fulfillment_order.moved", "fulfillment_order", PARCEL,
         "{\"status\":\"open\"}");
    assert_int_equal(testkit_events(kit, "task.resolved"), 2);
    assert_verified(kit);
}

static void what_was_not_found_is_a_task_until_it_is_counted(void **state)
{
    struct testkit *kit = *state;
    tell(kit, "count.created", "count", ORDER, "{\"lines\":1}");
    tell(kit, "pick_task.short", "pick_task", PARCEL,
         "{\"details\":{\"uncounted\":0}}");
    assert_int_equal(testkit_events(kit, "task.opened"), 0);
    tell(kit, "count.created", "count", PARCEL,
         "{\"missed_by\":\"pkt_0000000000001\"}");
    assert_str(only(kit, TASK_OPEN).subject_kind, "count");
    tell(kit, "count.posted_in_part", "count", PARCEL, "{}");
    assert_str(only(kit, TASK_OPEN).kind, "units_missing");
    tell(kit, "count.posted", "count", PARCEL, "{}");
    assert_str(only(kit, TASK_RESOLVED).kind, "units_missing");
    tell(kit, "count.created", "count", ORDER,
         "{\"missed_by\":\"pkt_0000000000001\"}");
    tell(kit, "count.cancelled", "count", ORDER, "{}");
    assert_int_equal(count_of(kit, TASK_OPEN), 0);
    tell(kit, "pick_task.short", "pick_task", ORDER,
         "{\"details\":{\"uncounted\":1}}");
    assert_str(only(kit, TASK_OPEN).subject_kind, "pick_task");
    assert_verified(kit);
}

/* ---- people ---- */

struct deed {
    task_id id;
    struct task_assign assign;
    struct task_resolve resolve;
    int64_t reopen_version;
    struct task task;
};
static err_t do_assign(struct ctx *ctx, void *arg)
{
    struct deed *deed = arg;
    return task_assign(ctx, deed->id, &deed->assign, &deed->task);
}
static err_t do_resolve(struct ctx *ctx, void *arg)
{
    struct deed *deed = arg;
    return task_resolve(ctx, deed->id, &deed->resolve, &deed->task);
}
static err_t do_reopen(struct ctx *ctx, void *arg)
{
    struct deed *deed = arg;
    return task_reopen(ctx, deed->id, deed->reopen_version, &deed->task);
}

static void people_assign_resolve_and_reopen(void **state)
{
    struct testkit *kit = *state;
    str support = STR("support"), nobody = STR("no-such-role");
    tell(kit, "package.lost", "package", PARCEL, "{}");
    struct deed deed = {.id = only(kit, TASK_OPEN).id};
    deed.assign = (struct task_assign){.version = 1, .owner_role = &nobody};
    assert_int_equal(testkit_run(kit, do_assign, &deed), ERR_INVALID);
    assert_slug(kit, "role_unknown");
    user_id stranger = {12345};
    deed.assign = (struct task_assign){.version = 1, .owner_user = &stranger};
    assert_int_equal(testkit_run(kit, do_assign, &deed), ERR_INVALID);
    assert_slug(kit, "user_unknown");
    deed.assign = (struct task_assign){.version = 1, .owner_role = &support};
    assert_ok(kit, testkit_run(kit, do_assign, &deed));
    assert_int_equal(testkit_run(kit, do_assign, &deed), ERR_STALE);
    deed.resolve = (struct task_resolve){2, TASK_DONE, STR("sent again")};
    assert_ok(kit, testkit_run(kit, do_resolve, &deed));
    deed.resolve.version = 3;
    assert_int_equal(testkit_run(kit, do_resolve, &deed), ERR_STATE);
    deed.reopen_version = 3;
    assert_ok(kit, testkit_run(kit, do_reopen, &deed));
    deed.resolve.version = 4;
    assert_ok(kit, testkit_run(kit, do_resolve, &deed));
    tell(kit, "package.lost", "package", PARCEL, "{}");
    deed.reopen_version = 5;
    assert_int_equal(testkit_run(kit, do_reopen, &deed), ERR_CONFLICT);
    assert_slug(kit, "task_is_open");
    assert_verified(kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grid_is_the_checked_in_one),
        TEST(the_table_is_the_checked_in_one),
        TEST(the_events_of_the_table_are_written_somewhere),
        KIT(an_event_opens_one_task_and_another_closes_it),
        KIT(a_promise_counts_as_late_past_a_week),
        KIT(a_refused_address_is_a_task_of_its_own),
        KIT(only_what_is_left_of_a_rejected_order_is_a_task),
        KIT(what_was_not_found_is_a_task_until_it_is_counted),
        KIT(people_assign_resolve_and_reopen),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
