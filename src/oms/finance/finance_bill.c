/* finance_bill.c - the commands that issue invoices and credit notes. */
#include "oms/finance/finance_bill.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/finance/finance_store.h"
#include "oms/finance/invoice_sql.h"
#include "oms/order/order_pay.h"
#include "store/event.h"
#include "store/sql.h"

enum { EVENT_BYTES = 1024, PARTS_MORE = 2 };

/* ---- the ledger ---- */

err_t billed_read(struct ctx *ctx, order_id order, struct billed *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(order.v)};
    *ret = (struct billed){.seq = 0};
    TRY(sql_list(ctx, SQL_BILL_LAST, args, 1, &rows));
    if (rows.count == 0)
        return OK;
    ret->seq = sql_int(&rows, 0, 0);
    ret->series.v = sql_int(&rows, 0, 1);
    ret->is_by_part = sql_int(&rows, 0, 2) != 0;
    return bill_sums(ctx, order, &ret->parts, &ret->count);
}

int64_t billed_total(const struct billed *billed)
{
    int64_t total = 0;
    for (size_t i = 0; i < billed->count; i++)
        total += billed->parts[i].total;
    return total;
}

/* As the store has it once the document is there. */
static void billed_add(struct ctx *ctx, struct billed *billed,
                       const struct bill *bill)
{
    int64_t sign = bill->kind == BILL_INVOICE ? 1 : -1;
    struct bill_part *all = arena_array(ctx->arena, struct bill_part,
                                        billed->count + bill->part_count);
    size_t count = billed->count;
    if (count > 0)
        memcpy(all, billed->parts, count * sizeof *all);
    for (size_t i = 0; i < bill->part_count; i++) {
        const struct bill_part *part = &bill->parts[i];
        size_t at = 0;
        while (at < count && all[at].n != part->n)
            at++;
        if (at == count)
            all[count++] = (struct bill_part){.n = part->n};
        all[at].qty += sign * part->qty;
        all[at].tax += sign * part->tax;
        all[at].total += sign * part->total;
    }
    *billed = (struct billed){all, count, billed->seq + 1, bill->series.id,
                              bill->is_by_part};
}

/* What went with the last parcel stays billed, whatever is added after it. */
static bool has_charges(const struct billed *billed)
{
    for (size_t i = 0; i < billed->count; i++)
        if (billed->parts[i].n < 0 && billed->parts[i].total != 0)
            return true;
    return false;
}

void bill_open(struct ctx *ctx, const struct order *order,
               const struct invoice_series *series, const struct billed *billed,
               enum bill_kind kind, bool is_by_part, struct bill *ret)
{
    size_t most = order->line_count + PARTS_MORE, count;
    struct bill_part *worth = arena_array(ctx->arena, struct bill_part, most);
    *ret =
        (struct bill){.order = order,
                      .series = *series,
                      .kind = kind,
                      .is_by_part = is_by_part,
                      .parts = arena_array(ctx->arena, struct bill_part, most)};
    count = bill_parts_of(order, is_by_part, has_charges(billed), worth);
    ASSERT(count <= most);
    ret->part_count = bill_parts_due(worth, count, billed->parts, billed->count,
                                     kind, ret->parts);
    for (size_t i = 0; i < ret->part_count; i++) {
        ret->tax += ret->parts[i].tax;
        ret->total += ret->parts[i].total;
    }
}

static bool is_due(const struct bill *bill)
{
    return bill->part_count > 0 && bill->total > 0;
}

static err_t add_parts(struct ctx *ctx, const struct bill *bill,
                       int64_t document)
{
    enum { PARAMS = 7 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, bill->part_count * PARAMS);
    for (size_t i = 0; i < bill->part_count; i++) {
        const struct bill_part *part = &bill->parts[i];
        const struct sql_arg own[PARAMS] = {sql_i(document),
                                            sql_i(part->n),
                                            sql_i(id_bucket(document)),
                                            sql_i(bill->order->id.v),
                                            sql_i(part->qty),
                                            sql_i(part->tax),
                                            sql_i(part->total)};
        memcpy(&args[i * PARAMS], own, sizeof own);
    }
    return sql_run_many(ctx, SQL_BILL_PART_ADD, args, PARAMS, bill->part_count,
                        NULL);
}

err_t bill_record(struct ctx *ctx, const struct bill *bill,
                  struct billed *billed, int64_t document, int64_t n)
{
    billed_add(ctx, billed, bill);
    struct sql_arg args[] = {
        sql_i(document),
        sql_i(id_bucket(document)),
        sql_i(bill->order->id.v),
        sql_i(billed->seq),
        sql_i(bill->kind),
        sql_i(bill->series.id.v),
        sql_i(n),
        sql_i(bill->tax),
        sql_i(bill->total),
        sql_i(billed_total(billed)),
        sql_i(bill->is_by_part),
    };
    TRY(sql_run(ctx, SQL_BILL_ADD, args, COUNT_OF(args), NULL));
    return add_parts(ctx, bill, document);
}

/* ---- invoices ---- */

static err_t tell(struct ctx *ctx, const char *type,
                  const struct invoice *invoice)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "order_id", "ord", invoice->order.v);
    json_put_str_or_null(&out, "number", invoice->number);
    json_put_cstr(&out, "state",
                  machine_state_name(&invoice_machine, invoice->state));
    json_put_money(&out, "total",
                   money_make(invoice->total, invoice->currency));
    json_put_i64(&out, "version", invoice->version);
    json_end_object(&out);
    return event_add(ctx, type, "invoice", invoice->id.v, buf_str(&buf), NULL);
}

static err_t move(struct ctx *ctx, struct invoice *invoice,
                  enum invoice_event event)
{
    TRY(machine_allow(ctx, &invoice_machine, invoice->state, event));
    invoice->state = (enum invoice_state)machine_next(&invoice_machine,
                                                      invoice->state, event);
    return OK;
}

/* The draft of an order; id 0: there is none. */
static err_t find_draft(struct ctx *ctx, order_id order, struct invoice *ret)
{
    struct invoice *all;
    size_t count;
    const invoice_id newest = {INT64_MAX};
    *ret = (struct invoice){.order = order};
    TRY(invoice_list(ctx, order, newest, LIMIT_PAGE, &all, &count));
    for (size_t i = 0; i < count; i++)
        if (all[i].state == INVOICE_DRAFT)
            *ret = all[i];
    return OK;
}

static err_t write_invoice(struct ctx *ctx, struct invoice *invoice,
                           bool is_new)
{
    bool is_draft = invoice->state == INVOICE_DRAFT;
    TRY(is_new ? invoice_insert(ctx, invoice) : invoice_save(ctx, invoice));
    return tell(ctx, is_draft ? "invoice.drafted" : "invoice.issued", invoice);
}

/* A draft of it, or the invoice. `invoice` is the draft there is, or empty. */
static err_t make(struct ctx *ctx, const struct bill *bill,
                  struct billed *billed, bool is_draft, struct invoice *invoice)
{
    const struct order *order = bill->order;
    int64_t n = 0;
    bool is_new = invoice->id.v == 0;
    if (!is_due(bill))
        return fail_as(ctx, ERR_STATE, "nothing_to_bill", "order",
                       "all that the order is worth was billed");
    TRY(move(ctx, invoice,
             is_draft ? INVOICE_EVENT_DRAFT : INVOICE_EVENT_ISSUE));
    if (is_new) {
        invoice->id.v = id_next(ctx->ids, ctx->now, id_bucket(order->id.v));
        invoice->version = 1;
        invoice->created_at = ctx->now;
    }
    invoice->order = order->id;
    invoice->channel = order->channel;
    invoice->series = bill->series.id;
    memcpy(invoice->currency, order->currency, sizeof invoice->currency);
    invoice->tax = bill->tax;
    invoice->total = bill->total;
    invoice->updated_at = ctx->now;
    TRY(bill_doc(ctx, bill, &invoice->doc));
    if (!is_draft) {
        invoice->issued_at = ctx->now;
        TRY(invoice_number(ctx, bill->series.id, BILL_INVOICE, &n,
                           &invoice->number));
        TRY(bill_record(ctx, bill, billed, invoice->id.v, n));
    }
    return write_invoice(ctx, invoice, is_new);
}

static err_t open_invoice(struct ctx *ctx, const struct order *order,
                          invoice_series_id series_id,
                          const struct billed *billed, bool is_by_part,
                          struct bill *ret)
{
    struct invoice_series series;
    TRY(invoice_series_get(ctx, series_id, &series));
    bill_open(ctx, order, &series, billed, BILL_INVOICE, is_by_part, ret);
    return OK;
}

err_t invoice_order(struct ctx *ctx, order_id id, bool is_draft,
                    invoice_id *ret)
{
    struct order order;
    struct invoice_rule rule;
    struct invoice invoice;
    struct billed billed;
    struct bill bill;
    TRY(order_lock(ctx, id, &order));
    TRY(invoice_rule_get(ctx, order.channel, &rule));
    if (rule.version == 0)
        return fail_as(ctx, ERR_STATE, "no_invoicing", "channel",
                       "the channel has no series to invoice with");
    TRY(billed_read(ctx, id, &billed));
    TRY(open_invoice(ctx, &order, rule.series, &billed, false, &bill));
    TRY(find_draft(ctx, id, &invoice));
    TRY(make(ctx, &bill, &billed, is_draft, &invoice));
    *ret = invoice.id;
    return OK;
}

err_t invoice_issue(struct ctx *ctx, invoice_id id, int64_t version,
                    struct invoice *ret)
{
    struct invoice seen;
    struct order order;
    struct billed billed;
    struct bill bill;
    TRY(invoice_get(ctx, id, &seen));
    TRY(order_lock(ctx, seen.order, &order));
    TRY(invoice_get(ctx, id, ret)); /* Now that nobody else may write it. */
    TRY(check_version(ctx, version, ret->version));
    TRY(machine_allow(ctx, &invoice_machine, ret->state, INVOICE_EVENT_ISSUE));
    TRY(billed_read(ctx, seen.order, &billed));
    TRY(open_invoice(ctx, &order, ret->series, &billed, false, &bill));
    return make(ctx, &bill, &billed, false, ret);
}

/* ---- credit notes ---- */

static const struct order_line *line_of(const struct order *order, int64_t n)
{
    for (size_t i = 0; i < order->line_count; i++)
        if (order->lines[i].n == n)
            return &order->lines[i];
    return NULL;
}

static str title_of(struct arena *arena, const struct order_line *line,
                    int64_t n)
{
    if (n == PART_ALLOWANCE)
        return STR("Allowance");
    if (!line)
        return STR("Shipping and fees");
    return str_printf(arena, "Price: %.*s", STR_ARG(line->title));
}

/* Units stand on the line they take back; what is only money on none. */
static void fill_line(struct ctx *ctx, const struct bill *bill, size_t i,
                      struct credit_line *ret)
{
    const struct bill_part *part = &bill->parts[i];
    const struct order_line *line = line_of(bill->order, part->n);
    *ret = (struct credit_line){
        .n = (int64_t)i + 1, .amount = part->total, .doc = STR("{}")};
    if (line && part->qty > 0) {
        ret->sku = line->sku;
        ret->sku_code = line->sku_code;
        ret->title = line->title;
        ret->qty = part->qty;
        ret->unit_price = line->unit_price;
        ret->order = bill->order->id;
        ret->order_n = line->n;
        return;
    }
    ret->title = title_of(ctx->arena, line, part->n);
    ret->sku_code = STR("");
    ret->qty = 1;
    ret->unit_price = part->total;
}

static err_t note_doc(struct ctx *ctx, const struct bill *bill, str *ret)
{
    struct buf buf;
    struct json_out out;
    str doc;
    TRY(bill_doc(ctx, bill, &doc));
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "country", STR(""));
    json_put_str(&out, "customer", STR(""));
    json_put_raw(&out, "attrs", STR("{}"));
    json_put_raw(&out, "bill", doc);
    json_end_object(&out);
    *ret = buf_str(&buf);
    return OK;
}

static err_t tell_credit(struct ctx *ctx, const struct bill *bill,
                         const struct credit_note *note)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "channel", "chn", note->channel.v);
    json_put_id(&out, "order_id", "ord", bill->order->id.v);
    json_put_str(&out, "number", note->number);
    json_put_money(&out, "total", money_make(note->total, note->currency));
    json_end_object(&out);
    return event_add(ctx, "credit_note.issued", "credit_note", note->id.v,
                     buf_str(&buf), NULL);
}

/* Its key in the channel: the order and the how many-th document of it. */
static void fill_note(struct ctx *ctx, const struct bill *bill, int64_t seq,
                      struct credit_note *ret)
{
    const struct order *order = bill->order;
    char text[ID_TEXT_BYTES];
    int len = (int)id_to_text("ord", order->id.v, text);
    *ret = (struct credit_note){
        .channel = order->channel,
        .external_id =
            str_printf(ctx->arena, "%.*s/%lld", len, text, (long long)seq),
        .status = CREDIT_ISSUED,
        .origin = CREDIT_ORIGIN_API,
        .total = bill->total,
        .version = 1,
        .issued_at = ctx->now,
        .created_at = ctx->now,
        .lines = arena_array(ctx->arena, struct credit_line, bill->part_count),
        .line_count = bill->part_count,
    };
    struct credit_key key = {order->channel, order->channel_code,
                             ret->external_id};
    ret->id.v =
        id_next(ctx->ids, ctx->now, credit_key_bucket(ctx->arena, &key));
    memcpy(ret->currency, order->currency, sizeof ret->currency);
    for (size_t i = 0; i < bill->part_count; i++)
        fill_line(ctx, bill, i, &ret->lines[i]);
}

/* Credits what was billed and is owed no more; no credit note where that is
 * nothing. */
static err_t credit(struct ctx *ctx, const struct order *order,
                    struct billed *billed)
{
    struct bill bill;
    struct invoice_series series;
    struct credit_note note, *one = &note;
    int64_t n;
    if (billed->seq == 0)
        return OK; /* Nothing was billed. */
    TRY(invoice_series_get(ctx, billed->series, &series));
    bill_open(ctx, order, &series, billed, BILL_CREDIT, billed->is_by_part,
              &bill);
    if (!is_due(&bill))
        return OK;
    fill_note(ctx, &bill, billed->seq + 1, &note);
    TRY(note_doc(ctx, &bill, &note.doc));
    note.body_hash = (int64_t)str_hash(note.doc);
    TRY(invoice_number(ctx, series.id, BILL_CREDIT, &n, &note.number));
    TRY(bill_record(ctx, &bill, billed, note.id.v, n));
    TRY(credit_insert_many(ctx, &one, 1));
    return tell_credit(ctx, &bill, &note);
}

/* ---- what follows from a change of an order ---- */

static err_t move_one(struct ctx *ctx, struct invoice *invoice,
                      enum invoice_event event)
{
    if (!machine_next(&invoice_machine, invoice->state, event))
        return OK;
    TRY(move(ctx, invoice, event));
    TRY(invoice_save_state(ctx, invoice));
    return tell(
        ctx, event == INVOICE_EVENT_PAY ? "invoice.paid" : "invoice.credited",
        invoice);
}

/* Invoices are paid with their order, or where it is billed by part with all
 * that was billed, and credited when nothing of what was billed is left. */
static err_t move_all(struct ctx *ctx, const struct order *order,
                      const struct billed *billed)
{
    struct invoice *all;
    size_t count;
    int64_t left = billed_total(billed);
    const invoice_id newest = {INT64_MAX};
    int64_t kept =
        order->pay.captured - order->pay.refunded - order->pay.disputed;
    bool is_paid =
        billed->is_by_part ? kept > 0 && kept >= left : invoice_is_paid(order);
    if (billed->count == 0 || (left != 0 && !is_paid))
        return OK;
    TRY(invoice_list(ctx, order->id, newest, LIMIT_PAGE, &all, &count));
    for (size_t i = 0; i < count; i++)
        if (all[i].state != INVOICE_DRAFT)
            TRY(move_one(ctx, &all[i],
                         left == 0 ? INVOICE_EVENT_CREDIT : INVOICE_EVENT_PAY));
    return OK;
}

err_t invoice_follow(struct ctx *ctx, const struct order *order,
                     const struct invoice_rule *rule)
{
    struct invoice invoice;
    struct bill bill = {.part_count = 0};
    struct billed billed;
    TRY(billed_read(ctx, order->id, &billed));
    TRY(credit(ctx, order, &billed));
    bool is_by_part =
        rule->on == INVOICE_ON_PARCEL && (billed.seq == 0 || billed.is_by_part);
    if (invoice_fires(order, rule->on))
        TRY(open_invoice(ctx, order, rule->series, &billed, is_by_part, &bill));
    if (is_due(&bill)) {
        TRY(find_draft(ctx, order->id, &invoice));
        TRY(make(ctx, &bill, &billed, false, &invoice));
    }
    return move_all(ctx, order, &billed);
}
