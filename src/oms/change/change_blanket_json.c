/* change_blanket_json.c - bodies of blanket orders, and how the API shows them.
 */
#include "base/arena.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/change/change_blanket.h"
#include "oms/change/change_draft.h"

enum { RESERVE_DAYS = 7, EVERY_MOST = 365 };

/* ---- plans ---- */

err_t release_lines_from_json(struct ctx *ctx, struct json_in *in,
                              size_t line_count, struct draft_cmd *draft)
{
    struct json_list list;
    int64_t units = 0;
    bool *seen = arena_array(ctx->arena, bool, line_count);
    TRY(json_get_list(in, "lines", 1, line_count, &list));
    struct draft_qty *qty =
        arena_array(ctx->arena, struct draft_qty, line_count);
    for (size_t i = 0; i < line_count; i++)
        qty[i].n = (int64_t)i + 1; /* What is not named is not in it. */
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        struct draft_qty one = {.n = 0};
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_i64(at, "line", 1, (int64_t)line_count, &one.n));
        TRY(json_get_i64(at, "quantity", 0, LIMIT_QTY, &one.qty));
        if (seen[one.n - 1])
            return json_fail(at, "line", ERR_INVALID, "line_twice",
                             "line %lld is named twice", (long long)one.n);
        TRY(json_end(at));
        seen[one.n - 1] = true;
        qty[one.n - 1] = one;
        units += one.qty;
    }
    if (units == 0)
        return json_fail(in, "lines", ERR_INVALID, "no_units",
                         "some line must have units");
    draft->qty = qty;
    draft->qty_count = line_count;
    return OK;
}

static err_t get_day(struct ctx *ctx, struct json_in *in, const char *key,
                     utc_ms *ret)
{
    *ret = 0;
    TRY(json_opt_time(in, key, ret));
    if (*ret <= ctx->now || *ret > ctx->now + LIMIT_RELEASE_DAYS * DAY_MS)
        return json_fail(in, key, ERR_INVALID, "time_out_of_range",
                         "must lie ahead, within five years");
    return OK;
}

static err_t read_releases(struct ctx *ctx, struct json_in *in,
                           size_t line_count, struct blanket_cmd *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "releases", 0, LIMIT_RELEASES, &list));
    ret->releases = arena_array(ctx->arena, struct release, list.count);
    ret->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct release *release = &ret->releases[i];
        struct draft_cmd checked = {.qty_count = 0};
        struct json_in *at;
        str lines = STR_NONE;
        TRY(json_list_object(&list, i, &at));
        TRY(get_day(ctx, at, "ship_at", &release->ship_at));
        if (json_has(at, "lines")) {
            TRY(release_lines_from_json(ctx, at, line_count, &checked));
            TRY(json_any_raw(at, "lines", LIMIT_BODY_BYTES, &lines));
            release->doc =
                str_printf(ctx->arena, "{\"lines\":%.*s}", STR_ARG(lines));
            ret->draft->is_sized = true;
        }
        TRY(json_end(at));
    }
    return OK;
}

static err_t read_every(struct ctx *ctx, struct json_in *in,
                        struct blanket_cmd *ret)
{
    static const char *const units[] = {"day", "week", "month"};
    int unit = -1;
    ret->every.count = 1;
    TRY(json_opt_enum(in, "unit", units, COUNT_OF(units), &unit));
    if (unit < 0)
        return json_fail(in, "unit", ERR_INVALID, "missing_field",
                         "must be day, week or month");
    ret->every.unit = (enum every_unit)(unit + 1);
    TRY(json_opt_i64(in, "count", 1, EVERY_MOST, &ret->every.count));
    TRY(get_day(ctx, in, "from", &ret->every.from));
    if (json_has(in, "until") == json_has(in, "times"))
        return json_fail(in, "until", ERR_INVALID, "missing_field",
                         "it ends at a time or after so many times: say one "
                         "of until and times");
    if (json_has(in, "until"))
        TRY(get_day(ctx, in, "until", &ret->until));
    TRY(json_opt_i64(in, "times", 1, LIMIT_RELEASES, &ret->times));
    return json_end(in);
}

static err_t read_plan(struct ctx *ctx, struct json_in *in, size_t line_count,
                       struct blanket_cmd *ret)
{
    struct json_in *every;
    TRY(json_opt_object(in, "every", &every));
    TRY(read_releases(ctx, in, line_count, ret));
    if ((every != NULL) == (ret->count > 0))
        return json_fail(in, "releases", ERR_INVALID, "plan_needed",
                         "say releases one by one or every, and not both");
    return every ? read_every(ctx, every, ret) : OK;
}

/* What each release has of its own. */
static err_t check_order(struct json_in *order, size_t *ret_lines)
{
    static const char *const own[] = {"external_id", "fulfil_at", "placed_at",
                                      "hold"};
    struct json_list list;
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (json_has(order, own[i]))
            return json_fail(order, own[i], ERR_INVALID, "unknown_field",
                             "each release has its own");
    TRY(json_get_list(order, "lines", 1, LIMIT_ORDER_LINES, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        if (json_has(at, "fulfil_at"))
            return json_fail(at, "fulfil_at", ERR_INVALID, "unknown_field",
                             "each release has its own");
    }
    *ret_lines = list.count;
    return OK;
}

err_t blanket_cmd_from_json(struct ctx *ctx, struct json_in *in,
                            struct blanket_cmd *ret)
{
    size_t line_count;
    ret->draft = arena_new(ctx->arena, struct draft_cmd);
    ret->reserve_days = RESERVE_DAYS;
    TRY(draft_head_from_json(ctx, in, ret->draft));
    TRY(json_any_raw(in, "order", LIMIT_BODY_BYTES, &ret->body));
    TRY(check_order(ret->draft->order, &line_count));
    TRY(json_opt_i64(in, "reserve_days", 0, LIMIT_TERMS_DAYS,
                     &ret->reserve_days));
    TRY(read_plan(ctx, in, line_count, ret));
    return json_end(in);
}

/* ---- shown ---- */

static void put_sum(struct json_out *out, const struct blanket_sum *sum)
{
    json_begin(out, "releases");
    for (size_t i = 0; i < RELEASE_STATES; i++)
        json_put_i64(out, release_states[i], sum->count[i]);
    json_end_object(out);
    json_put_time_or_null(out, "next_ship_at", sum->next_at);
}

void blanket_write(const struct blanket *blanket, const struct blanket_sum *sum,
                   bool is_whole, struct json_out *out)
{
    json_put_id(out, "id", "blk", blanket->id.v);
    json_put_cstr(out, "state",
                  machine_state_name(&blanket_machine, (int)blanket->state));
    machine_put_allowed(out, &blanket_machine, (int)blanket->state);
    json_put_i64(out, "version", blanket->version);
    json_put_id_or_null(out, "company_id", "cmp", blanket->company.v);
    json_put_id_or_null(out, "customer_id", "cus", blanket->customer.v);
    json_put_str(out, "channel", blanket->channel);
    json_put_money(out, "total", money_make(blanket->total, blanket->currency));
    json_put_str_or_null(out, "po_number", blanket->po_number);
    if (blanket->terms_days == COMPANY_NONE)
        json_put_null(out, "terms_days");
    else
        json_put_i64(out, "terms_days", blanket->terms_days);
    json_put_i64(out, "reserve_days", blanket->reserve_days);
    put_sum(out, sum);
    json_put_time(out, "created_at", blanket->created_at);
    json_put_time(out, "updated_at", blanket->updated_at);
    if (is_whole)
        json_put_raw(out, "order", blanket->body);
}

void release_write(const struct blanket *blanket, const struct release *release,
                   struct json_out *out)
{
    json_put_i64(out, "n", release->n);
    json_put_cstr(out, "state", release_states[release->state - 1]);
    json_put_time(out, "ship_at", release->ship_at);
    json_put_time(out, "place_at",
                  release->ship_at - blanket->reserve_days * DAY_MS);
    json_put_id_or_null(out, "order_id", "ord", release->order.v);
    json_put_id_or_null(out, "draft_id", "drf", release->draft.v);
    if (release->code.len == 0) {
        json_put_null(out, "refused");
    } else {
        json_begin(out, "refused");
        json_put_str(out, "code", release->code);
        json_put_str(out, "field", release->field);
        json_put_str(out, "detail", release->detail);
        json_put_time_or_null(out, "again_at", release->try_at);
        json_end_object(out);
    }
    if (release->doc.len > 0) /* Its one member is "lines". */
        json_put_raw(out, NULL,
                     (str){release->doc.ptr + 1, release->doc.len - 2});
}
