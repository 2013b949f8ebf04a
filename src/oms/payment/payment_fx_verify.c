/* payment_fx_verify.c - what payments are worth in the books, worked out anew
 * (I20). */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/payment/payment_fx.h"
#include "oms/payment/payment_fx_sql.h"
#include "oms/payment/payment_store.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    struct fx_books books;
};

static void say(const struct check *check, int64_t id, const char *what)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("pay", id, text);
    check->report(check->arg, "I20", (str){text, len}, str_from_cstr(what));
}

static err_t see_rate(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    say(arg, sql_int(row, 0, 0), "no rate of that moment was recorded for it");
    return OK;
}

static bool is_same(const struct exchange_row *a, const struct exchange_row *b)
{
    return a->n == b->n && a->is_open == b->is_open && a->rate == b->rate &&
           a->amount == b->amount;
}

static err_t see_payment(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    struct payment pay;
    struct exchange_row *rows;
    size_t count, n;
    TRY(payment_get(ctx, (payment_id){sql_int(row, 0, 0)}, &pay));
    TRY(exchange_rows(ctx, pay.id, &rows, &count));
    struct exchange_row *now =
        arena_array(ctx->arena, struct exchange_row, pay.transaction_count + 1);
    n = fx_work_out(ctx->arena, &pay, check->books.currency, rows, count, now);
    bool is_sound = n == count;
    for (size_t i = 0; is_sound && i < n; i++)
        is_sound = is_same(&rows[i], &now[i]);
    if (!is_sound)
        say(check, pay.id.v,
            "it is not worth what it was at the rates of its captures");
    return OK;
}

static err_t check_rates(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {.report = report, .arg = arg};
    TRY(fx_books(ctx, &check.books));
    TRY(sql_each(ctx, SQL_FX_VERIFY_RATES, NULL, 0, see_rate, &check));
    if (check.books.currency[0] == '\0')
        return OK;
    return sql_each(ctx, SQL_FX_VERIFY_PAYMENTS, NULL, 0, see_payment, &check);
}

static const struct verify_check checks[] = {
    {"I20", "what goes back is worth what it was when it was taken",
     check_rates},
};
const struct verify_list fx_verify = {checks, COUNT_OF(checks)};
