/* doc_sheet.c - the page under way: its parts, boxes and bars. */
#include "base/doc_sheet.h"

#include "base/arena.h"
#include "base/doc_sheet_int.h"
#include "base/str.h"

enum {
    OPS_FIRST = 128,
    POINTS_PER_INCH = 72,
    /* The narrowest bar that hand scanners read well: 0.19 mm on paper,
     * two dots of a thermal printer (0.25 mm). */
    MODULE_MIN_THERMAL_DOTS = 2,
    THERMAL_DOTS = 203
};
#define MODULE_MIN      0.54
#define MODULE_MAX      1.07 /* 3 dots. */
#define MODULE_MAX_SSCC 1.42 /* 4 dots: half a millimetre, as GS1 asks. */
#define MODULE_MAX_QR   2.2

err_t doc_sheet_open(struct ctx *ctx, double width, double height, int dots,
                     struct doc_sheet **ret)
{
    TRY(doc_lib_load(ctx));
    struct doc_sheet *sheet = mem_new(sizeof(*sheet));
    sheet->ctx.arena = arena_open();
    sheet->caller = ctx;
    sheet->width = width;
    sheet->height = height;
    sheet->dot = (double)POINTS_PER_INCH / dots;
    sheet->room = OPS_FIRST;
    sheet->ops = mem_new(sheet->room * sizeof(*sheet->ops));
    /* A map of our own thread, kept by pango for its life. */
    PangoFontMap *fonts = doc_lib()->pango_cairo_font_map_get_default();
    sheet->pango = doc_lib()->pango_font_map_create_context(fonts);
    doc_lib()->pango_cairo_context_set_resolution(sheet->pango,
                                                  POINTS_PER_INCH);
    /* Neither the machine's locale nor its screen shall matter. */
    doc_lib()->pango_context_set_language(
        sheet->pango, doc_lib()->pango_language_from_string("en"));
    doc_lib()->pango_context_set_round_glyph_positions(sheet->pango, false);
    cairo_font_options_t *options = doc_lib()->cairo_font_options_create();
    doc_lib()->cairo_font_options_set_hint_style(options,
                                                 CAIRO_HINT_STYLE_NONE);
    doc_lib()->cairo_font_options_set_hint_metrics(options,
                                                   CAIRO_HINT_METRICS_OFF);
    doc_lib()->cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    doc_lib()->pango_cairo_context_set_font_options(sheet->pango, options);
    doc_lib()->cairo_font_options_destroy(options);
    *ret = sheet;
    return OK;
}

void doc_sheet_clear(struct doc_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++)
        if (sheet->ops[i].layout)
            doc_lib()->g_object_unref(sheet->ops[i].layout);
    sheet->count = 0;
    arena_reset(sheet->ctx.arena);
}

void doc_sheet_close(struct doc_sheet *sheet)
{
    if (!sheet)
        return;
    doc_sheet_clear(sheet);
    doc_lib()->g_object_unref(sheet->pango);
    arena_close(sheet->ctx.arena);
    mem_free(sheet->ops);
    mem_free(sheet);
}

struct ctx *doc_sheet_ctx(struct doc_sheet *sheet)
{
    return &sheet->ctx;
}

err_t doc_sheet_report(struct doc_sheet *sheet, err_t err)
{
    if (err != OK && sheet->caller->err.code == OK)
        sheet->caller->err = sheet->ctx.err;
    err_clear(&sheet->ctx);
    return err;
}

struct doc_op *doc_op_add(struct doc_sheet *sheet, enum doc_op_kind kind,
                          struct doc_rect at)
{
    if (sheet->count == sheet->room) {
        sheet->room *= 2;
        sheet->ops = mem_resize(sheet->ops, sheet->room * sizeof(*sheet->ops));
    }
    struct doc_op *op = &sheet->ops[sheet->count++];
    at.x += sheet->origin_x;
    at.y += sheet->origin_y;
    *op = (struct doc_op){.kind = kind, .at = at};
    return op;
}

void doc_sheet_origin(struct doc_sheet *sheet, double x, double y)
{
    sheet->origin_x = x;
    sheet->origin_y = y;
}

void doc_put_box(struct doc_sheet *sheet, double x, double y, double w,
                 double h, double gray)
{
    struct doc_op *op =
        doc_op_add(sheet, DOC_OP_BOX, (struct doc_rect){x, y, w, h});
    op->gray = gray;
}

void doc_put_frame(struct doc_sheet *sheet, const struct doc_rect *rect,
                   double thick)
{
    const struct doc_rect r = *rect;
    doc_put_box(sheet, r.x, r.y, r.w, thick, 0);
    doc_put_box(sheet, r.x, r.y + r.h - thick, r.w, thick, 0);
    doc_put_box(sheet, r.x, r.y, thick, r.h, 0);
    doc_put_box(sheet, r.x + r.w - thick, r.y, thick, r.h, 0);
}

/* Whole dots, as many as there is room for; 0 where it does not fit. */
static double module_width(const struct doc_sheet *sheet,
                           const struct doc_barcode *barcode,
                           const struct doc_rect *at, bool at_left)
{
    bool is_qr = barcode->kind == DOC_QR;
    int quiet = at_left ? barcode->quiet : 2 * barcode->quiet;
    double least = is_qr || sheet->dot * THERMAL_DOTS < POINTS_PER_INCH - 1
                       ? MODULE_MIN
                       : MODULE_MIN_THERMAL_DOTS * sheet->dot;
    double most = is_qr ? MODULE_MAX_QR : MODULE_MAX;
    if (barcode->kind == DOC_SSCC)
        most = MODULE_MAX_SSCC;
    double room = at->w / (barcode->width + quiet);
    if (is_qr && at->h / (barcode->height + quiet) < room)
        room = at->h / (barcode->height + quiet);
    if (room > most)
        room = most;
    double module = (double)(int)(room / sheet->dot + 0.001) * sheet->dot;
    return module + 0.001 < least ? 0 : module;
}

static double on_dot(const struct doc_sheet *sheet, double at)
{
    return (double)(long)(at / sheet->dot + 0.5) * sheet->dot;
}

/* The op for bars in that rectangle, text already taken off. */
static err_t put_modules(struct doc_sheet *sheet, const struct doc_bars *bars,
                         const struct doc_barcode *barcode)
{
    bool at_left = bars->align == DOC_LEFT;
    double module = module_width(sheet, barcode, &bars->at, at_left);
    if (module <= 0)
        return fail_as(&sheet->ctx, ERR_INVALID, "text_too_long", bars->field,
                       "is too long for a barcode that scanners read here");
    double w = module * barcode->width;
    double spare = bars->at.w - w;
    double x = bars->at.x + (at_left                     ? 0
                             : bars->align == DOC_CENTER ? spare / 2
                                                         : spare);
    bool is_qr = barcode->kind == DOC_QR;
    double h = is_qr ? module * barcode->height : bars->at.h;
    double y = bars->at.y + (bars->at.h - h) / 2;
    const struct doc_rect place = {on_dot(sheet, x), on_dot(sheet, y), w, h};
    struct doc_op *op = doc_op_add(sheet, DOC_OP_BARS, place);
    op->barcode = *barcode;
    op->module = module;
    op->room = bars->at;
    return OK;
}

static err_t put_bars(struct doc_sheet *sheet, const struct doc_bars *bars)
{
    struct doc_barcode barcode;
    TRY(doc_barcode_make(&sheet->ctx, bars->kind, bars->field, bars->data,
                         &barcode));
    if (bars->text_size <= 0)
        return put_modules(sheet, bars, &barcode);
    double below;
    struct doc_text text = {.text = barcode.text,
                            .field = bars->field,
                            .x = bars->at.x,
                            .w = bars->at.w,
                            .size = bars->text_size,
                            .size_min = bars->text_size / 2,
                            .align = bars->align,
                            .is_bold = true};
    TRY(doc_measure_text(sheet, &text, &below));
    struct doc_bars above = *bars;
    above.at.h -= below;
    TRY(put_modules(sheet, &above, &barcode));
    text.y = above.at.y + above.at.h;
    return doc_put_text(sheet, &text, &below);
}

err_t doc_put_bars(struct doc_sheet *sheet, const struct doc_bars *bars)
{
    return doc_sheet_report(sheet, put_bars(sheet, bars));
}
