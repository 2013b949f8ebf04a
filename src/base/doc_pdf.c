/* doc_pdf.c - sheets as the pages of a PDF (cairo). */
#include "base/doc_pdf.h"

#include "base/arena.h"
#include "base/doc_sheet_int.h"
#include "base/str.h"

struct doc_pdf {
    struct doc_sink sink;
    bool is_closing; /* The rest is thrown away. */
    cairo_surface_t *surface;
    cairo_t *cr;
};

static cairo_status_t take(void *closure, const unsigned char *data,
                           unsigned len)
{
    struct doc_pdf *pdf = closure;
    if (pdf->is_closing)
        return CAIRO_STATUS_SUCCESS;
    return pdf->sink.write(pdf->sink.to, data, len) ? CAIRO_STATUS_SUCCESS
                                                    : CAIRO_STATUS_WRITE_ERROR;
}

struct doc_pdf *doc_pdf_open(struct doc_sink sink, double width, double height,
                             const char *title)
{
    struct doc_pdf *pdf = mem_new(sizeof(*pdf));
    pdf->sink = sink;
    pdf->surface = doc_lib()->cairo_pdf_surface_create_for_stream(
        take, pdf, width, height);
    doc_lib()->cairo_pdf_surface_set_metadata(pdf->surface,
                                              CAIRO_PDF_METADATA_TITLE, title);
    doc_lib()->cairo_pdf_surface_set_metadata(
        pdf->surface, CAIRO_PDF_METADATA_CREATOR, "Wharf");
    /* Else it is the clock's, and no file would equal another. */
    doc_lib()->cairo_pdf_surface_set_metadata(
        pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    pdf->cr = doc_lib()->cairo_create(pdf->surface);
    return pdf;
}

static void paint_bars(cairo_t *cr, const struct doc_op *op)
{
    const struct doc_barcode *b = &op->barcode;
    double row = op->at.h / b->height;
    for (int y = 0; y < b->height; y++) {
        const unsigned char *modules = b->modules + (size_t)(y * b->width);
        for (int x = 0; x < b->width;) {
            int begun = x;
            while (x < b->width && modules[x] == modules[begun])
                x++;
            if (modules[begun])
                doc_lib()->cairo_rectangle(cr, op->at.x + begun * op->module,
                                           op->at.y + y * row,
                                           (x - begun) * op->module, row);
        }
    }
    doc_lib()->cairo_fill(cr);
}

static void paint(cairo_t *cr, const struct doc_op *op)
{
    double gray = op->kind == DOC_OP_TEXT && op->is_white ? 1 : op->gray;
    doc_lib()->cairo_set_source_rgb(cr, gray, gray, gray);
    switch (op->kind) {
    case DOC_OP_BOX:
        doc_lib()->cairo_rectangle(cr, op->at.x, op->at.y, op->at.w, op->at.h);
        doc_lib()->cairo_fill(cr);
        return;
    case DOC_OP_TEXT:
        doc_lib()->cairo_move_to(cr, op->at.x, op->at.y);
        doc_lib()->pango_cairo_show_layout(cr, op->layout);
        return;
    case DOC_OP_BARS: paint_bars(cr, op); return;
    }
    UNREACHABLE("paint: every kind is named above");
}

void doc_pdf_page(struct doc_pdf *pdf, const struct doc_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++)
        paint(pdf->cr, &sheet->ops[i]);
    doc_lib()->cairo_show_page(pdf->cr);
}

void doc_pdf_close(struct doc_pdf *pdf)
{
    if (!pdf)
        return;
    pdf->is_closing = true;
    doc_lib()->cairo_destroy(pdf->cr);
    doc_lib()->cairo_surface_destroy(pdf->surface);
    mem_free(pdf);
}

err_t doc_pdf_finish(struct ctx *ctx, struct doc_pdf *pdf)
{
    doc_lib()->cairo_surface_finish(pdf->surface);
    cairo_status_t status = doc_lib()->cairo_surface_status(pdf->surface);
    doc_pdf_close(pdf);
    if (status == CAIRO_STATUS_SUCCESS)
        return OK;
    if (status == CAIRO_STATUS_WRITE_ERROR)
        return fail(ctx, ERR_TOO_LARGE, "", "the document is too large");
    return fail(ctx, ERR_INTERNAL, "", "cairo: %s",
                doc_lib()->cairo_status_to_string(status));
}

static bool add_to_buf(void *to, const void *ptr, size_t len)
{
    struct buf *buf = to;
    buf_add(buf, ptr, len);
    return !buf->is_full;
}

struct doc_sink doc_sink_to_buf(struct buf *buf)
{
    return (struct doc_sink){add_to_buf, buf};
}
