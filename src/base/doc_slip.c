/* doc_slip.c - where everything stands on a packing slip. */
#include "base/doc_slip.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/doc_format.h"
#include "base/doc_report.h"
#include "base/str.h"

#define QR_SIDE 62.0

enum {
    LIST_BYTES = 700, /* Of lots or serials in one row. */
    ITEM = 2          /* The column of titles. */
};

static err_t put_qr(struct doc_report *report, const struct doc_slip *slip)
{
    if (slip->link.len == 0)
        return OK;
    const struct doc_bars qr = {
        .kind = DOC_QR,
        .data = slip->link,
        .field = "link",
        .at = {report->x + report->w - QR_SIDE, report->y, QR_SIDE, QR_SIDE},
        .align = DOC_RIGHT
    };
    return doc_put_bars(report->sheet, &qr);
}

static err_t put_facts(struct doc_report *report, const struct doc_slip *slip,
                       double x, double *ret_y)
{
    struct arena *arena = report->ctx->arena;
    str carrier = slip->carrier;
    if (slip->service.len)
        carrier = str_printf(arena, "%.*s %.*s", STR_ARG(slip->carrier),
                             STR_ARG(slip->service));
    str ordered = slip->order_day ? doc_day(arena, slip->order_day) : STR_NONE;
    str packed = slip->day ? doc_day(arena, slip->day) : STR_NONE;
    str package = STR_NONE;
    if (slip->pieces)
        package = str_printf(arena, "%d of %d", slip->piece, slip->pieces);
    const struct doc_fact facts[] = {
        {"Order",    slip->order,    "order"    },
        {"Ordered",  ordered,        "order_day"},
        {"Packed",   packed,         "day"      },
        {"Package",  package,        "piece"    },
        {"Carrier",  carrier,        "carrier"  },
        {"Tracking", slip->tracking, "tracking" }
    };
    double qr = slip->link.len ? QR_SIDE + 6 : 0;
    const struct doc_rect at = {x, report->y, report->x + report->w - x - qr,
                                0};
    return doc_report_facts(report, &at, facts, COUNT_OF(facts), ret_y);
}

/* From, to and the facts side by side. */
static err_t put_parties(struct doc_report *report, const struct doc_slip *slip)
{
    double third = report->w * 0.26, lowest = report->y + QR_SIDE;
    const struct {
        const char *caption, *prefix;
        const struct doc_address *address;
        str home;
    } sides[] = {
        {"SHIP TO", "to",   &slip->to,   slip->from.country},
        {"FROM",    "from", &slip->from, slip->to.country  }
    };
    for (size_t i = 0; i < COUNT_OF(sides); i++) {
        double x = report->x + (double)i * (third + 10), height;
        const struct doc_text caption = {.text =
                                             str_from_cstr(sides[i].caption),
                                         .field = "",
                                         .x = x,
                                         .y = report->y,
                                         .w = third,
                                         .size = 6.5,
                                         .is_bold = true};
        TRY(doc_put_text(report->sheet, &caption, NULL));
        const struct doc_block block = {
            .address = sides[i].address,
            .prefix = sides[i].prefix,
            .home = sides[i].home,
            .at = {x, report->y + 11, third, 110},
            .size = 9.5,
            .size_min = 6
        };
        TRY(doc_put_address(report->sheet, &block, &height));
        if (report->y + 11 + height > lowest)
            lowest = report->y + 11 + height;
    }
    double y;
    TRY(put_facts(report, slip, report->x + 2 * (third + 10), &y));
    TRY(put_qr(report, slip));
    report->y = (y > lowest ? y : lowest) + 12;
    return OK;
}

/* A long list goes over as many rows as it takes, so that pages can break. */
static err_t put_list(struct doc_report *report, const char *caption,
                      const str *names, size_t count, const char *field)
{
    struct doc_cell cells[5] = {0};
    for (size_t i = 0; i < count;) {
        struct buf out;
        buf_init(&out, report->ctx->arena, LIST_BYTES * 2);
        buf_addf(&out, "%s ", i ? "" : caption);
        while (i < count && out.len < LIST_BYTES) {
            buf_add_str(&out, names[i]);
            i++;
            if (i < count)
                buf_add_cstr(&out, ", ");
        }
        cells[ITEM].sub = str_trim(buf_str(&out));
        cells[ITEM].sub_field = field;
        TRY(doc_table_more(report, cells));
    }
    return OK;
}

static err_t put_line(struct doc_report *report, const struct doc_slip *slip,
                      size_t n)
{
    const struct doc_slip_line *line = &slip->lines[n];
    struct arena *arena = report->ctx->arena;
    str qty = str_printf(arena, "%lld", (long long)line->qty);
    struct doc_cell cells[5] = {{.kind = DOC_CELL_BOX}};
    cells[1] = doc_cell(qty, doc_field(report, "lines", n, "qty"));
    cells[ITEM] = doc_cell(line->title, doc_field(report, "lines", n, "title"));
    cells[3] = doc_cell(line->sku, doc_field(report, "lines", n, "sku"));
    cells[4] = doc_cell(STR_NONE, doc_field(report, "lines", n, "price"));
    if (slip->with_prices)
        cells[4].text = doc_money(arena, line->price);
    TRY(doc_table_row(report, cells));
    TRY(doc_table_attrs(report, ITEM, line->attrs, line->attr_count,
                        doc_field(report, "lines", n, "attrs")));
    TRY(put_list(report, line->lot_count > 1 ? "Lots:" : "Lot:", line->lots,
                 line->lot_count, doc_field(report, "lines", n, "lots")));
    return put_list(
        report, line->serial_count > 1 ? "Serial numbers:" : "Serial number:",
        line->serials, line->serial_count,
        doc_field(report, "lines", n, "serials"));
}

static err_t put_table(struct doc_report *report, const struct doc_slip *slip)
{
    static const struct doc_column plain[] = {
        {"",     24,  9,   DOC_LEFT,  false},
        {"QTY",  40,  12,  DOC_RIGHT, true },
        {"ITEM", 0,   9.5, DOC_LEFT,  true },
        {"SKU",  130, 8.5, DOC_LEFT,  false}
    };
    static const struct doc_column priced[] = {
        {"",      24,  9,   DOC_LEFT,  false},
        {"QTY",   40,  12,  DOC_RIGHT, true },
        {"ITEM",  0,   9.5, DOC_LEFT,  true },
        {"SKU",   100, 8.5, DOC_LEFT,  false},
        {"PRICE", 90,  9,   DOC_RIGHT, false}
    };
    TRY(doc_table_begin(report, slip->with_prices ? priced : plain,
                        slip->with_prices ? 5 : 4));
    int64_t units = 0;
    for (size_t i = 0; i < slip->line_count; i++) {
        TRY(put_line(report, slip, i));
        units += slip->lines[i].qty;
    }
    doc_table_end(report);
    const struct doc_text total = {
        .text = str_printf(report->ctx->arena, "%lld unit%s in this package",
                           (long long)units, units == 1 ? "" : "s"),
        .field = "lines",
        .size = 8.5,
        .is_bold = true};
    TRY(doc_report_text(report, &total));
    report->y += 10;
    return OK;
}

static err_t put_gift(struct doc_report *report, str message)
{
    if (message.len == 0)
        return OK;
    struct doc_text text = {.text = message,
                            .field = "gift_message",
                            .x = report->x + 14,
                            .w = report->w - 28,
                            .size = 12,
                            .lines = 40,
                            .align = DOC_CENTER,
                            .is_note = true,
                            .has_breaks = true};
    double height;
    TRY(doc_measure_text(report->sheet, &text, &height));
    TRY(doc_report_need(report, height + 44));
    const struct doc_rect box = {report->x, report->y, report->w, height + 34};
    doc_put_frame(report->sheet, &box, 0.75);
    const struct doc_text caption = {.text = STR("A MESSAGE FOR YOU"),
                                     .field = "",
                                     .x = text.x,
                                     .y = report->y + 8,
                                     .w = text.w,
                                     .size = 7,
                                     .align = DOC_CENTER,
                                     .is_bold = true};
    TRY(doc_put_text(report->sheet, &caption, NULL));
    text.y = report->y + 22;
    TRY(doc_put_text(report->sheet, &text, &height));
    report->y += box.h + 12;
    return OK;
}

static err_t body(struct doc_report *report, const void *facts)
{
    const struct doc_slip *slip = facts;
    const struct doc_head head = {slip->shop, "shop", slip->package, "package"};
    TRY(doc_report_head(report, &head));
    TRY(put_parties(report, slip));
    TRY(put_table(report, slip));
    TRY(put_gift(report, slip->gift_message));
    const struct doc_text note = {.text = slip->note,
                                  .field = "note",
                                  .size = 8.5,
                                  .lines = 60,
                                  .is_note = true,
                                  .has_breaks = true};
    return doc_report_text(report, &note);
}

static err_t check(struct ctx *ctx, const struct doc_slip *slip)
{
    TRY(doc_address_check(ctx, "from", &slip->from));
    TRY(doc_address_check(ctx, "to", &slip->to));
    TRY(check_line(ctx, "order", slip->order, 1, LIMIT_NAME_BYTES));
    TRY(check_range(ctx, "piece", slip->piece, slip->pieces ? 1 : 0,
                    slip->pieces));
    TRY(check_range(ctx, "lines", (int64_t)slip->line_count, 1,
                    LIMIT_ORDER_LINES));
    for (size_t i = 0; i < slip->line_count; i++) {
        char field[40];
        (void)snprintf(field, sizeof field, "lines[%zu].qty", i);
        TRY(check_range(ctx, field, slip->lines[i].qty, 1, LIMIT_QTY));
    }
    return OK;
}

err_t doc_slip_pdf(struct ctx *ctx, const struct doc_slip *slip, str *ret)
{
    TRY(check(ctx, slip));
    const struct doc_plan plan = {
        .paper = slip->paper,
        .title = "Packing slip",
        .footer = str_printf(ctx->arena, "Order %.*s", STR_ARG(slip->order)),
        .body = body,
        .facts = slip};
    return doc_report_pdf(ctx, &plan, ret);
}
