/* fulfillment_pick_scan.c - units are taken in hand, or are not there. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/fulfillment/fulfillment_pick_work.h"
#include "oms/fulfillment/fulfillment_production.h"
#include "oms/inventory/inventory.h"
#include "oms/inventory/inventory_near.h"
#include "oms/inventory/inventory_pick.h"

/* A scan while it is decided. */
struct scanning {
    struct pick_work work;
    const struct pick_scan_cmd *cmd;
    struct sku *skus; /* What the code may mean. */
    size_t sku_count;
    const struct sku *sku; /* What it means. */
    struct unit_rule rule;
    lot_id lot;
    struct pick_unit *units; /* To be written. */
    size_t unit_count;
    int64_t *taken; /* By line. */
};

/* ---- what was scanned ---- */

static err_t find_skus(struct ctx *ctx, struct scanning *s)
{
    const struct pick_scan_cmd *cmd = s->cmd;
    bool is_barcode = cmd->barcode.len > 0;
    if (is_barcode)
        TRY(sku_list_barcode(ctx, cmd->barcode, &s->skus, &s->sku_count));
    if (s->sku_count > 0)
        return OK;
    bool found;
    s->skus = arena_new(ctx->arena, struct sku);
    TRY(sku_find(ctx, is_barcode ? cmd->barcode : cmd->sku, s->skus, &found));
    s->sku_count = 1;
    if (found)
        return OK;
    return is_barcode ? fail_as(ctx, ERR_INVALID, "barcode_unknown", "barcode",
                                "no SKU has this barcode or code")
                      : fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                                "there is no SKU with this code");
}

static const struct sku *sku_of(const struct scanning *s, sku_id id)
{
    for (size_t i = 0; i < s->sku_count; i++)
        if (s->skus[i].id.v == id.v)
            return &s->skus[i];
    return NULL;
}

static bool is_asked(const struct scanning *s, const struct pick_line *line)
{
    return s->cmd->line == 0 || s->cmd->line == line->n;
}

/* Not on this walk: says what is. */
static err_t wrong_item(struct ctx *ctx, const struct scanning *s)
{
    const char *field = s->cmd->barcode.len > 0 ? "barcode" : "sku";
    const struct pick_line *next = NULL;
    struct sku want;
    for (size_t i = 0; i < s->work.count && !next; i++)
        if (is_asked(s, &s->work.lines[i]) && pick_left(&s->work.lines[i]) > 0)
            next = &s->work.lines[i];
    if (!next)
        return fail_as(ctx, ERR_INVALID, "wrong_item", field,
                       "%.*s is not on this walk, and nothing is left to pick",
                       STR_ARG(s->skus[0].code));
    TRY(sku_get(ctx, next->sku, &want));
    return fail_as(ctx, ERR_INVALID, "wrong_item", field,
                   "%.*s is not wanted; line %lld wants %lld of %.*s%s%.*s",
                   STR_ARG(s->skus[0].code), (long long)next->n,
                   (long long)pick_left(next), STR_ARG(want.code),
                   next->bin.len > 0 ? " from bin " : "", STR_ARG(next->bin));
}

static err_t over_picked(struct ctx *ctx, int64_t left)
{
    return fail_as(ctx, ERR_INVALID, "over_picked", "quantity",
                   "there is at most %lld left to pick", (long long)left);
}

/* Which of the SKUs the walk wants, and that it wants so many. */
static err_t choose_sku(struct ctx *ctx, struct scanning *s)
{
    int64_t left = 0;
    if (s->cmd->line != 0 && !pick_line_of(&s->work, s->cmd->line))
        return fail_as(ctx, ERR_INVALID, "line_unknown", "line",
                       "the task has no such line");
    for (size_t i = 0; i < s->work.count; i++) {
        const struct pick_line *line = &s->work.lines[i];
        const struct sku *sku = sku_of(s, line->sku);
        if (!sku || !is_asked(s, line))
            continue;
        if (!s->sku || left == 0)
            s->sku = sku;
        if (s->sku == sku)
            left += pick_left(line);
    }
    if (!s->sku)
        return wrong_item(ctx, s);
    return s->cmd->qty <= left ? OK : over_picked(ctx, left);
}

/* ---- which units ---- */

static err_t other_lot(struct ctx *ctx, const struct pick_line *line)
{
    struct lot_name *name;
    size_t count;
    TRY(inventory_lot_names(ctx, &line->lot, 1, &name, &count));
    return fail_as(ctx, ERR_INVALID, "other_lot", "lot",
                   "line %lld takes from lot %.*s, which expires first",
                   (long long)line->n,
                   STR_ARG(count > 0 ? name->code : STR("")));
}

static const struct pick_line *first_wanting(const struct scanning *s)
{
    for (size_t i = 0; i < s->work.count; i++) {
        const struct pick_line *line = &s->work.lines[i];
        if (line->sku.v == s->sku->id.v && is_asked(s, line) &&
            pick_left(line) > 0)
            return line;
    }
    return NULL;
}

static err_t check_named(struct ctx *ctx, const struct scanning *s)
{
    const struct pick_scan_cmd *cmd = s->cmd;
    const struct pick_line *line = first_wanting(s);
    if (s->rule.is_lot && cmd->lot.len == 0) {
        struct lot_name *name;
        size_t count = 0;
        if (line && line->lot.v != 0)
            TRY(inventory_lot_names(ctx, &line->lot, 1, &name, &count));
        return fail_as(ctx, ERR_INVALID, "lot_required", "lot",
                       "units of this SKU have a lot%s%.*s",
                       count > 0 ? ": take from " : "",
                       STR_ARG(count > 0 ? name->code : STR("")));
    }
    if (s->rule.is_serial && cmd->serial.len == 0)
        return fail_as(ctx, ERR_INVALID, "serials_required", "serial",
                       "units of this SKU have a serial number: scan it");
    if (s->rule.is_serial && cmd->qty != 1)
        return fail_as(ctx, ERR_INVALID, "serials_required", "quantity",
                       "units with serial numbers are scanned one by one");
    return OK;
}

/* What is loose there may be in another's hand already. */
static err_t check_free(struct ctx *ctx, const struct scanning *s,
                        int64_t loose)
{
    struct pick_claim *claims;
    size_t count;
    bool is_taken = false;
    location_id at = s->work.task.location;
    TRY(pick_claim_list(ctx, s->sku->id, at, &claims, &count));
    for (size_t i = 0; s->lot.v != 0 && i < count; i++)
        if (claims[i].lot.v == s->lot.v)
            loose -= claims[i].in_hand;
    if (loose < s->cmd->qty)
        return fail_as(ctx, ERR_STATE, "not_enough_in_lot", "lot",
                       "this lot has %lld there that is not picked yet",
                       (long long)(loose > 0 ? loose : 0));
    if (s->rule.is_serial)
        TRY(pick_serial_is_taken(ctx, s->sku->id, at, s->cmd->serial,
                                 &is_taken));
    if (is_taken)
        return fail_as(ctx, ERR_STATE, "serial_picked", "serial",
                       "this unit was picked before");
    return OK;
}

/* Two pickers at one shelf go one after the other: the levels are locked. */
static err_t check_units(struct ctx *ctx, struct scanning *s)
{
    const struct pick_scan_cmd *cmd = s->cmd;
    struct unit_rule *rule;
    struct stock *stock;
    size_t count;
    int64_t loose;
    TRY(inventory_unit_rules(ctx, &s->sku->id, 1, &rule, &count));
    if (count == 1)
        s->rule = *rule;
    if (count == 0 && cmd->lot.len == 0 && cmd->serial.len == 0)
        return OK;
    TRY(check_named(ctx, s));
    location_id at = s->work.task.location;
    TRY(stock_lock_at(ctx, &s->sku->id, 1, &at, 1, &stock));
    struct unit_taking taking = {
        .sku = s->sku->id, .location = s->work.task.location, .qty = cmd->qty};
    taking.names.lot = cmd->lot;
    taking.names.serials = &cmd->serial;
    taking.names.serial_count = cmd->serial.len > 0;
    TRY(inventory_may_take(ctx, &taking, &s->lot, &loose));
    return check_free(ctx, s, loose);
}

/* ---- taking ---- */

static void note_unit(struct scanning *s, const struct pick_line *line,
                      int64_t qty)
{
    if (!s->rule.is_lot && !s->rule.is_serial)
        return;
    s->units[s->unit_count++] =
        (struct pick_unit){.task = line->task,
                           .n = line->n,
                           .lot = s->lot,
                           .serial = s->cmd->serial,
                           .fo = line->fo,
                           .fo_n = line->fo_n,
                           .sku = line->sku,
                           .location = s->work.task.location,
                           .qty = qty};
}

/* Units already taken of the same lot for the same line. */
static err_t add_up(struct ctx *ctx, struct scanning *s)
{
    struct pick_unit *before;
    size_t count;
    TRY(pick_unit_list(ctx, &s->work.task.id, 1, &before, &count));
    for (size_t i = 0; i < s->unit_count; i++)
        for (size_t j = 0; j < count; j++) {
            struct pick_unit *unit = &s->units[i];
            if (before[j].n == unit->n && before[j].lot.v == unit->lot.v &&
                str_equal(before[j].serial, unit->serial)) {
                unit->qty += before[j].qty;
                unit->gone = before[j].gone;
            }
        }
    return OK;
}

static bool fits(const struct scanning *s, const struct pick_line *line)
{
    return line->sku.v == s->sku->id.v && is_asked(s, line) &&
           pick_left(line) > 0 &&
           (!s->rule.is_lot || s->cmd->is_any_lot || line->lot.v == 0 ||
            line->lot.v == s->lot.v);
}

/* Lines that name the very lot come before those that take any. */
static void take(struct scanning *s, bool is_exact, int64_t *left)
{
    for (size_t i = 0; i<s->work.count && * left> 0; i++) {
        struct pick_line *line = &s->work.lines[i];
        if (!fits(s, line) || (is_exact && line->lot.v != s->lot.v))
            continue;
        int64_t qty = pick_left(line) < *left ? pick_left(line) : *left;
        line->picked += qty;
        s->taken[i] += qty;
        *left -= qty;
        if (s->cmd->tote.len > 0)
            line->tote = s->cmd->tote;
        note_unit(s, line, qty);
    }
}

static err_t take_units(struct ctx *ctx, struct scanning *s)
{
    int64_t left = s->cmd->qty;
    s->taken = arena_array(ctx->arena, int64_t, s->work.count);
    s->units = arena_array(ctx->arena, struct pick_unit, s->work.count * 2);
    take(s, true, &left);
    take(s, false, &left);
    if (left == 0)
        return add_up(ctx, s);
    const struct pick_line *line = first_wanting(s);
    return line ? other_lot(ctx, line) : over_picked(ctx, s->cmd->qty - left);
}

static str scan_text(struct ctx *ctx, const struct scanning *s)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "sku", "sku", s->sku->id.v);
    json_put_i64(&out, "quantity", s->cmd->qty);
    if (s->cmd->lot.len > 0)
        json_put_str(&out, "lot", s->cmd->lot);
    if (s->cmd->serial.len > 0)
        json_put_str(&out, "serial", s->cmd->serial);
    json_begin_list(&out, "lines");
    for (size_t i = 0; i < s->work.count; i++) {
        if (s->taken[i] == 0)
            continue;
        json_begin(&out, NULL);
        json_put_i64(&out, "line", s->work.lines[i].n);
        json_put_i64(&out, "quantity", s->taken[i]);
        json_end_object(&out);
    }
    json_end_list(&out);
    json_end_object(&out);
    return buf_str(&buf);
}

/* What is to be made first cannot be in anybody's hand. */
static err_t check_made(struct ctx *ctx, const struct scanning *s)
{
    for (size_t i = 0; i < s->work.count; i++)
        if (s->taken[i] > 0)
            TRY(production_check_made(ctx, &s->work.lines[i]));
    return OK;
}

static err_t find_repeat(struct ctx *ctx, pick_task_id id,
                         const struct pick_scan_cmd *cmd, bool *ret)
{
    struct pick_task task;
    int64_t hash;
    *ret = false;
    TRY(pick_task_lock(ctx, id, &task));
    if (cmd->scan_id.len == 0)
        return OK;
    TRY(pick_scan_find(ctx, id, cmd->scan_id, ret, &hash));
    if (*ret && hash != cmd->body_hash)
        return fail_as(ctx, ERR_CONFLICT, "scan_id_reused", "scan_id",
                       "another scan of this task had this id");
    return OK;
}

err_t pick_scan(struct ctx *ctx, pick_task_id id,
                const struct pick_scan_cmd *cmd, bool *ret_is_repeat)
{
    struct scanning s = {.cmd = cmd};
    TRY(find_repeat(ctx, id, cmd, ret_is_repeat));
    if (*ret_is_repeat)
        return OK;
    TRY(pick_open(ctx, id, 0, PICK_EVENT_SCAN, &s.work));
    TRY(pick_check_hands(ctx, &s.work.task));
    TRY(find_skus(ctx, &s));
    TRY(choose_sku(ctx, &s));
    TRY(check_units(ctx, &s));
    TRY(take_units(ctx, &s));
    TRY(check_made(ctx, &s));
    TRY(pick_unit_save(ctx, s.units, s.unit_count));
    if (cmd->scan_id.len > 0)
        TRY(pick_scan_add(ctx, id, cmd->scan_id, cmd->body_hash));
    return pick_finish(ctx, PICK_EVENT_SCAN, &s.work, scan_text(ctx, &s));
}

/* ---- not there ---- */

static str short_text(struct ctx *ctx, const struct pick_line *line,
                      const struct pick_short_cmd *cmd)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "line", line->n);
    json_put_id(&out, "sku", "sku", line->sku.v);
    json_put_i64(&out, "quantity", cmd->qty);
    json_put_str(&out, "reason", cmd->reason);
    json_end_object(&out);
    return buf_str(&buf);
}

err_t pick_short(struct ctx *ctx, pick_task_id id,
                 const struct pick_short_cmd *cmd)
{
    struct pick_work work;
    TRY(pick_open(ctx, id, cmd->version, PICK_EVENT_SHORT, &work));
    TRY(pick_check_hands(ctx, &work.task));
    TRY(check_line(ctx, "reason", cmd->reason, 1, LIMIT_REASON_BYTES));
    struct pick_line *line = pick_line_of(&work, cmd->line);
    if (!line)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "line",
                       "the task has no such line");
    if (cmd->qty > pick_left(line))
        return fail_as(ctx, ERR_INVALID, "over_short", "quantity",
                       "this line has at most %lld left to find",
                       (long long)pick_left(line));
    TRY(production_check_made(ctx, line));
    line->missing += cmd->qty;
    line->reason = cmd->reason;
    return pick_finish(ctx, PICK_EVENT_SHORT, &work,
                       short_text(ctx, line, cmd));
}
