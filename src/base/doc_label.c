/* doc_label.c - where everything stands on a shipping label. */
#include "base/doc_label.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/doc_label_int.h"
#include "base/doc_pdf.h"
#include "base/doc_sheet.h"
#include "base/doc_zpl.h"
#include "base/str.h"

/* Points; a thermal printer leaves an eighth of an inch blank all round. */
#define WIDTH    DOC_LABEL_WIDTH
#define HEIGHT   DOC_LABEL_HEIGHT
#define LEFT     10.0
#define INNER    268.0
#define RIGHT    (LEFT + INNER)
#define CAPTION  6.5
#define QR_SIDE  88.0
#define BAND_TOP 80.0
#define BAND_H   32.0
#define TO_TOP   116.0
#define TRACK_H  94.0
#define SSCC_H   66.0
#define FOOT_H   30.0

enum {
    LABEL_BYTES_MAX = 4 * 1024 * 1024,
    ROUTING_CHARS = 8,
    PIECES_MAX = 9999
};

static struct doc_text text_at(double x, double y, double w, double size)
{
    return (struct doc_text){.x = x, .y = y, .w = w, .size = size};
}

static err_t put(struct doc_sheet *sheet, struct doc_text text,
                 const char *field, str words)
{
    text.text = words;
    text.field = field;
    return words.len ? doc_put_text(sheet, &text, NULL) : OK;
}

static err_t put_caption(struct doc_sheet *sheet, double x, double y,
                         const char *words)
{
    struct doc_text text = text_at(x, y, INNER / 2, CAPTION);
    return put(sheet, text, "", str_from_cstr(words));
}

/* A cell of a caption and a value. */
static err_t put_cell(struct doc_sheet *sheet, const struct doc_rect *at,
                      const char *caption, const char *field, str value)
{
    if (value.len == 0)
        return OK;
    TRY(put_caption(sheet, at->x, at->y, caption));
    struct doc_text text = text_at(at->x, at->y + 7.5, at->w, 11);
    text.size_min = 6;
    text.is_bold = true;
    return put(sheet, text, field, value);
}

static err_t put_sender(struct doc_sheet *sheet, const struct doc_label *label)
{
    TRY(put_caption(sheet, LEFT, 9, "FROM"));
    const struct doc_block block = {
        .address = &label->from,
        .prefix = "from",
        .home = label->to.country,
        .at = {LEFT, 18, 172, BAND_TOP - 21},
        .size = 8.5,
        .size_min = 5.5
    };
    double height;
    return doc_put_address(sheet, &block, &height);
}

static err_t put_parcel(struct doc_sheet *sheet, const struct doc_label *label)
{
    struct arena *arena = doc_sheet_ctx(sheet)->arena;
    struct doc_rect cell = {190, 9, RIGHT - 190, 25};
    if (label->pieces > 0 || label->weight_g > 0 || label->day)
        doc_put_box(sheet, 184, LEFT, 0.75, BAND_TOP - LEFT - 4, 0);
    if (label->pieces > 0)
        TRY(put_cell(
            sheet, &cell, "PACKAGE", "piece",
            str_printf(arena, "%d of %d", label->piece, label->pieces)));
    cell.y += 23;
    if (label->weight_g > 0)
        TRY(put_cell(sheet, &cell, "WEIGHT", "weight_g",
                     doc_weight(arena, label->weight_g, label->units)));
    cell.y += 23;
    cell.h = 22;
    if (label->day)
        TRY(put_cell(sheet, &cell, "DATE", "day", doc_day(arena, label->day)));
    return OK;
}

static err_t put_band(struct doc_sheet *sheet, const struct doc_label *label)
{
    double routing_w = label->routing.len ? 92 : 0;
    doc_put_box(sheet, LEFT, BAND_TOP, INNER - routing_w, BAND_H, 0);
    struct doc_text text =
        text_at(LEFT + 6, BAND_TOP + 1.5, INNER - routing_w - 12, 9);
    text.size_min = 6;
    text.is_white = true;
    if (label->service.len == 0) {
        text.size = 15;
        text.y += 4;
    }
    TRY(put(sheet, text, "carrier", label->carrier));
    text.y += 10;
    text.size = 15;
    text.size_min = 7;
    text.is_bold = true;
    TRY(put(sheet, text, "service", label->service));
    if (routing_w <= 0)
        return OK;
    const struct doc_rect box = {RIGHT - routing_w, BAND_TOP, routing_w,
                                 BAND_H};
    doc_put_frame(sheet, &box, 2);
    text = text_at(box.x + 4, BAND_TOP - 1, box.w - 8, 24);
    text.size_min = 12;
    text.is_bold = true;
    text.align = DOC_CENTER;
    return put(sheet, text, "routing", label->routing);
}

static err_t put_link(struct doc_sheet *sheet, const struct doc_label *label,
                      double bottom)
{
    const struct doc_bars qr = {
        .kind = DOC_QR,
        .data = label->link,
        .field = "link",
        .at = {RIGHT - QR_SIDE, bottom - QR_SIDE - 4, QR_SIDE, QR_SIDE},
        .align = DOC_RIGHT
    };
    return doc_put_bars(sheet, &qr);
}

/* An address that needs the room has it, and there is no code. */
static err_t put_receiver(struct doc_sheet *sheet,
                          const struct doc_label *label, double bottom)
{
    double w = INNER - 10, height;
    bool has_room = label->link.len > 0;
    TRY(put_caption(sheet, LEFT, TO_TOP,
                    label->is_return ? "RETURN TO" : "SHIP TO"));
    struct doc_block block = {
        .address = &label->to,
        .prefix = "to",
        .home = label->from.country,
        .at = {LEFT + 8, TO_TOP + 10, w - QR_SIDE, bottom - TO_TOP - 14},
        .size = 14,
        .size_min = 7,
        .last_bold = true
    };
    if (has_room)
        TRY(doc_address_fits(sheet, &block, &has_room));
    if (has_room)
        TRY(put_link(sheet, label, bottom));
    else
        block.at.w = w;
    return doc_put_address(sheet, &block, &height);
}

static err_t put_tracking(struct doc_sheet *sheet,
                          const struct doc_label *label, double top,
                          double bottom)
{
    doc_put_box(sheet, LEFT, top, INNER, 2, 0);
    TRY(put_caption(sheet, LEFT, top + 4, "TRACKING NUMBER"));
    const struct doc_bars bars = {
        .kind = DOC_CODE128,
        .data = label->tracking,
        .field = "tracking",
        .at = {LEFT, top + 15, INNER, bottom - top - 17},
        .align = DOC_CENTER,
        .text_size = 12
    };
    return doc_put_bars(sheet, &bars);
}

static err_t put_foot(struct doc_sheet *sheet, const struct doc_label *label,
                      double top)
{
    if (label->reference.len)
        doc_put_box(sheet, LEFT, top, INNER, 0.75, 0);
    const struct doc_rect cell = {LEFT, top + 2, INNER, FOOT_H - 5};
    TRY(put_cell(sheet, &cell, "REFERENCE", "reference", label->reference));
    if (label->sscc.len == 0)
        return OK;
    double y = HEIGHT - LEFT - SSCC_H;
    doc_put_box(sheet, LEFT, y, INNER, 0.75, 0);
    TRY(put_caption(sheet, LEFT, y + 2, "SSCC"));
    const struct doc_bars bars = {
        .kind = DOC_SSCC,
        .data = label->sscc,
        .field = "sscc",
        .at = {LEFT, y + 10, INNER, SSCC_H - 10},
        .align = DOC_CENTER,
        .text_size = 9
    };
    return doc_put_bars(sheet, &bars);
}

err_t doc_label_check(struct ctx *ctx, const struct doc_label *label)
{
    TRY(doc_address_check(ctx, "from", &label->from));
    TRY(doc_address_check(ctx, "to", &label->to));
    TRY(check_line(ctx, "carrier", label->carrier, 1, LIMIT_NAME_BYTES));
    TRY(check_line(ctx, "service", label->service, 0, LIMIT_NAME_BYTES));
    TRY(check_line(ctx, "routing", label->routing, 0, ROUTING_CHARS));
    TRY(check_range(ctx, "weight_g", label->weight_g, 0, LIMIT_QTY));
    TRY(check_range(ctx, "pieces", label->pieces, 0, PIECES_MAX));
    return check_range(ctx, "piece", label->piece, label->pieces ? 1 : 0,
                       label->pieces);
}

/* From the bottom up: what is not there leaves its place to the address. */
err_t doc_label_draw(struct doc_sheet *sheet, const struct doc_label *label)
{
    double foot = HEIGHT - LEFT;
    double track_h = TRACK_H;
    if (label->sscc.len)
        foot -= SSCC_H;
    else
        track_h += SSCC_H / 3;
    if (label->reference.len)
        foot -= FOOT_H;
    TRY(put_sender(sheet, label));
    TRY(put_parcel(sheet, label));
    TRY(put_band(sheet, label));
    TRY(put_receiver(sheet, label, foot - track_h));
    TRY(put_tracking(sheet, label, foot - track_h, foot - 3));
    return put_foot(sheet, label, foot);
}

struct doc_labels {
    struct ctx *ctx;
    struct doc_sheet *sheet;
    struct doc_sink sink;
    struct doc_pdf *pdf; /* NULL: ZPL. */
    int64_t count;
};

err_t doc_labels_open(struct ctx *ctx, enum doc_label_format format,
                      struct doc_sink sink, struct doc_labels **ret)
{
    struct doc_sheet *sheet;
    TRY(doc_sheet_open(ctx, WIDTH, HEIGHT, DOC_ZPL_DPI, &sheet));
    struct doc_labels *labels = mem_new(sizeof(*labels));
    labels->ctx = ctx;
    labels->sheet = sheet;
    labels->sink = sink;
    if (format == DOC_PDF)
        labels->pdf = doc_pdf_open(sink, WIDTH, HEIGHT, "Shipping labels");
    *ret = labels;
    return OK;
}

static err_t write_zpl(struct doc_labels *labels)
{
    struct buf out;
    buf_init(&out, doc_sheet_ctx(labels->sheet)->arena, LABEL_BYTES_MAX);
    doc_zpl_page(labels->sheet, &out);
    if (!out.is_full && labels->sink.write(labels->sink.to, out.ptr, out.len))
        return OK;
    return fail(labels->ctx, ERR_TOO_LARGE, "", "the document is too large");
}

err_t doc_labels_add(struct doc_labels *labels, const struct doc_label *label)
{
    err_t err = doc_sheet_report(
        labels->sheet, doc_label_check(doc_sheet_ctx(labels->sheet), label));
    if (err == OK)
        err = doc_label_draw(labels->sheet, label);
    if (err == OK && labels->pdf)
        doc_pdf_page(labels->pdf, labels->sheet);
    else if (err == OK)
        err = write_zpl(labels);
    labels->count += err == OK;
    doc_sheet_clear(labels->sheet);
    return err;
}

void doc_labels_close(struct doc_labels *labels)
{
    if (!labels)
        return;
    doc_pdf_close(labels->pdf);
    doc_sheet_close(labels->sheet);
    mem_free(labels);
}

err_t doc_labels_finish(struct ctx *ctx, struct doc_labels *labels)
{
    err_t err = OK;
    if (labels->count == 0)
        err = fail(ctx, ERR_INVALID, "labels", "there is no label");
    else if (labels->pdf)
        err = doc_pdf_finish(ctx, labels->pdf);
    if (labels->count)
        labels->pdf = NULL;
    doc_labels_close(labels);
    return err;
}

static err_t one(struct ctx *ctx, const struct doc_label *label,
                 enum doc_label_format format, str *ret)
{
    struct buf out;
    buf_init(&out, ctx->arena, LABEL_BYTES_MAX);
    struct doc_labels *labels;
    TRY(doc_labels_open(ctx, format, doc_sink_to_buf(&out), &labels));
    err_t err = doc_labels_add(labels, label);
    if (err != OK) {
        doc_labels_close(labels);
        return err;
    }
    TRY(doc_labels_finish(ctx, labels));
    *ret = buf_str(&out);
    return OK;
}

err_t doc_label_pdf(struct ctx *ctx, const struct doc_label *label, str *ret)
{
    return one(ctx, label, DOC_PDF, ret);
}

err_t doc_label_zpl(struct ctx *ctx, const struct doc_label *label, str *ret)
{
    return one(ctx, label, DOC_ZPL, ret);
}
