/* inventory_supply_verify.c - lots, serial numbers and receipts against the
 * levels and movements they belong to. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/inventory/inventory_backorder_sql.h"
#include "oms/inventory/inventory_counts_sql.h"
#include "oms/inventory/inventory_expected_sql.h"
#include "oms/inventory/inventory_supply_verify_sql.h"
#include "oms/inventory/inventory_transfers_sql.h"
#include "oms/inventory/inventory_verify.h"
#include "store/sql.h"

struct running {
    const struct bad_check *check;
    verify_report_fn *report;
    void *arg;
};

static err_t see_row(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct running *running = arg;
    struct bad_row bad = running->check->tell(ctx, row);
    running->report(running->arg, running->check->invariant, bad.row, bad.what);
    return OK;
}

err_t verify_bad_rows(struct ctx *ctx, const struct bad_check *check,
                      verify_report_fn *report, void *arg)
{
    struct running running = {check, report, arg};
    return sql_each(ctx, check->stmt, NULL, 0, see_row, &running);
}

static struct bad_row tell_sums(struct ctx *ctx, const struct sql_rows *row)
{
    return (struct bad_row){
        level_text(ctx->arena, sql_int(row, 0, 0), sql_int(row, 0, 1)),
        str_printf(ctx->arena,
                   "the level has more by %lld on hand, %lld damaged, %lld in "
                   "quality control, %lld held",
                   (long long)sql_int(row, 0, 2), (long long)sql_int(row, 0, 3),
                   (long long)sql_int(row, 0, 4),
                   (long long)sql_int(row, 0, 5))};
}

static struct bad_row tell_lot(struct ctx *ctx, const struct sql_rows *row)
{
    return (struct bad_row){
        id_str(ctx->arena, "lot", sql_int(row, 0, 2)),
        str_printf(ctx->arena, "its row of %.*s does not belong there",
                   STR_ARG(level_text(ctx->arena, sql_int(row, 0, 0),
                                      sql_int(row, 0, 1))))};
}

static struct bad_row tell_ledger(struct ctx *ctx, const struct sql_rows *row)
{
    return (struct bad_row){
        id_str(ctx->arena, "lot", sql_int(row, 0, 2)),
        str_printf(ctx->arena, "of %.*s it is not the sum of its movements",
                   STR_ARG(level_text(ctx->arena, sql_int(row, 0, 0),
                                      sql_int(row, 0, 1))))};
}

static struct bad_row tell_serial(struct ctx *ctx, const struct sql_rows *row)
{
    return (struct bad_row){
        id_str(ctx->arena, "sku", sql_int(row, 0, 0)),
        str_printf(ctx->arena, "serial number %.*s is where it cannot be",
                   STR_ARG(sql_str(row, 0, 1)))};
}

static struct bad_row tell_receipt(struct ctx *ctx, const struct sql_rows *row)
{
    return (struct bad_row){id_str(ctx->arena, "rcp", sql_int(row, 0, 0)),
                            str_printf(ctx->arena,
                                       "line %lld and its movement differ",
                                       (long long)sql_int(row, 0, 1))};
}

err_t verify_lot_sums(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    static const struct bad_check check = {"lots", SQL_VERIFY_LOT_SUMS,
                                           tell_sums};
    return verify_bad_rows(ctx, &check, report, arg);
}

err_t verify_lot_rows(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    static const struct bad_check rows = {"lots", SQL_VERIFY_LOT_ROWS,
                                          tell_lot};
    static const struct bad_check ledger = {"lots", SQL_VERIFY_LOT_MOVEMENTS,
                                            tell_ledger};
    TRY(verify_bad_rows(ctx, &rows, report, arg));
    return verify_bad_rows(ctx, &ledger, report, arg);
}

err_t verify_serial_sums(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    static const struct bad_check check = {"serials", SQL_VERIFY_SERIAL_SUMS,
                                           tell_sums};
    return verify_bad_rows(ctx, &check, report, arg);
}

err_t verify_serial_rows(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    static const struct bad_check check = {"serials", SQL_VERIFY_SERIAL_ROWS,
                                           tell_serial};
    return verify_bad_rows(ctx, &check, report, arg);
}

err_t verify_receipts(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    static const struct bad_check check = {"I3", SQL_VERIFY_RECEIPT_LINES,
                                           tell_receipt};
    return verify_bad_rows(ctx, &check, report, arg);
}

static struct bad_row tell_incoming(struct ctx *ctx, const struct sql_rows *row)
{
    return (struct bad_row){
        level_text(ctx->arena, sql_int(row, 0, 0), sql_int(row, 0, 1)),
        str_printf(ctx->arena, "incoming is %lld, %lld units are expected",
                   (long long)sql_int(row, 0, 2),
                   (long long)sql_int(row, 0, 3))};
}

static struct bad_row tell_supply(struct ctx *ctx, const struct sql_rows *row)
{
    return (struct bad_row){id_str(ctx->arena, "sup", sql_int(row, 0, 0)),
                            STR("its numbers do not fit each other, its "
                                "receipts or its level")};
}

err_t verify_incoming(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    static const struct bad_check sums = {"incoming", SQL_VERIFY_INCOMING,
                                          tell_incoming};
    static const struct bad_check rows = {"incoming", SQL_VERIFY_SUPPLIES,
                                          tell_supply};
    TRY(verify_bad_rows(ctx, &sums, report, arg));
    return verify_bad_rows(ctx, &rows, report, arg);
}

static struct bad_row tell_backorder(struct ctx *ctx,
                                     const struct sql_rows *row)
{
    return (struct bad_row){id_str(ctx->arena, "sku", sql_int(row, 0, 0)),
                            STR("the sum of backordered units is not that of "
                                "its lines")};
}

err_t verify_backorder_sums(struct ctx *ctx, verify_report_fn *report,
                            void *arg)
{
    static const struct bad_check check = {"backorders", SQL_VERIFY_BACKORDERS,
                                           tell_backorder};
    return verify_bad_rows(ctx, &check, report, arg);
}

static struct bad_row tell_transfer(struct ctx *ctx, const struct sql_rows *row)
{
    return (struct bad_row){
        id_str(ctx->arena, "trf", sql_int(row, 0, 0)),
        str_printf(
            ctx->arena, "its movements differ by %lld shipped, %lld received",
            (long long)sql_int(row, 0, 1), (long long)sql_int(row, 0, 2))};
}

static struct bad_row tell_transit(struct ctx *ctx, const struct sql_rows *row)
{
    return (struct bad_row){
        id_str(ctx->arena, "trf", sql_int(row, 0, 0)),
        str_printf(ctx->arena,
                   "what line %lld says, what waits, is in transit and is "
                   "expected differ",
                   (long long)sql_int(row, 0, 1))};
}

err_t verify_transfers(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    static const struct bad_check checks[] = {
        {"I7", SQL_VERIFY_TRANSFER_UNITS,   tell_transfer},
        {"I7", SQL_VERIFY_TRANSFER_TRANSIT, tell_transit },
        {"I7", SQL_VERIFY_TRANSFER_HELD,    tell_transit },
        {"I7", SQL_VERIFY_TRANSFER_LOTS,    tell_transit },
    };
    for (size_t i = 0; i < COUNT_OF(checks); i++)
        TRY(verify_bad_rows(ctx, &checks[i], report, arg));
    return OK;
}

static struct bad_row tell_count(struct ctx *ctx, const struct sql_rows *row)
{
    return (struct bad_row){
        id_str(ctx->arena, "cnt", sql_int(row, 0, 0)),
        str_printf(ctx->arena,
                   "what it posted and its movements differ by %lld units",
                   (long long)sql_int(row, 0, 1))};
}

err_t verify_counts(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    static const struct bad_check posted = {"I3", SQL_VERIFY_COUNTS_POSTED,
                                            tell_count};
    static const struct bad_check states = {"I3", SQL_VERIFY_COUNTS_STATE,
                                            tell_count};
    TRY(verify_bad_rows(ctx, &posted, report, arg));
    return verify_bad_rows(ctx, &states, report, arg);
}
