/* doc_zpl.c - a sheet in ZPL II, for printers of 203 dots an inch. */
#include "base/doc_zpl.h"

#include "base/arena.h"
#include "base/doc_sheet_int.h"
#include "base/str.h"

#define DOTS_PER_POINT (DOC_ZPL_DPI / 72.0)

enum {
    INK = 128, /* Of 255: darker is a dot. */
    REPEAT_MAX = 400,
    REPEAT_STEP = 20,
    BAR_DOTS_MIN = 2
};

static long dots(double points)
{
    return (long)(points * DOTS_PER_POINT + 0.5);
}

/* --- text as text ------------------------------------------------------- */

/* ASCII and the letters of Latin-1, which font 0 has. A backslash may begin a
 * command of text blocks. */
static bool printer_has(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= ' ' && c <= '~' && c != '\\')
            continue;
        if ((c != 0xC2 && c != 0xC3) || i + 1 == text.len)
            return false;
        unsigned char next = (unsigned char)text.ptr[++i];
        if (c == 0xC2 && next < 0xA1)
            return false;
    }
    return true;
}

static void add_escaped(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '^' || c == '~' || c == '_')
            buf_addf(out, "_%02X", (unsigned char)c);
        else
            buf_add_char(out, c);
    }
}

/* --- pictures (^GFA) ---------------------------------------------------- */

struct bitmap {
    int width, height, row_bytes;
    unsigned char *bits; /* Left is the high bit; 1 is black. */
};

static void add_repeat(struct buf *out, int count, char digit)
{
    static const char tens[] = "ghijklmnopqrstuvwxyz";
    static const char ones[] = "GHIJKLMNOPQRSTUVWXY";
    ASSERT(count > 0 && count < REPEAT_MAX);
    if (count >= REPEAT_STEP)
        buf_add_char(out, tens[count / REPEAT_STEP - 1]);
    if (count % REPEAT_STEP && count > 1)
        buf_add_char(out, ones[count % REPEAT_STEP - 1]);
    buf_add_char(out, digit);
}

static char nibble(const unsigned char *row, int at)
{
    int value = at % 2 ? row[at / 2] & 15 : row[at / 2] >> 4;
    return "0123456789ABCDEF"[value];
}

/* ZPL's own packing: counts, ',' for a rest of zeros, ':' for the row above. */
static void add_row(struct buf *out, const struct bitmap *bitmap, int y)
{
    const unsigned char *row = bitmap->bits + (size_t)(y * bitmap->row_bytes);
    if (y &&
        memcmp(row, row - bitmap->row_bytes, (size_t)bitmap->row_bytes) == 0) {
        buf_add_char(out, ':');
        return;
    }
    int count = bitmap->row_bytes * 2;
    for (int x = 0; x < count;) {
        int begun = x;
        char digit = nibble(row, x);
        while (x < count && nibble(row, x) == digit)
            x++;
        if (x == count && digit == '0') {
            buf_add_char(out, ',');
            return;
        }
        add_repeat(out, x - begun, digit);
    }
}

static void add_bitmap(struct buf *out, const struct bitmap *bitmap)
{
    int total = bitmap->row_bytes * bitmap->height;
    buf_addf(out, "^GFA,%d,%d,%d,", total, total, bitmap->row_bytes);
    for (int y = 0; y < bitmap->height; y++)
        add_row(out, bitmap, y);
    buf_add_cstr(out, "^FS\n");
}

static struct bitmap bitmap_new(struct arena *arena, int width, int height)
{
    struct bitmap bitmap = {width, height, (width + 7) / 8, NULL};
    bitmap.bits = arena_alloc(arena, (size_t)bitmap.row_bytes * (size_t)height);
    return bitmap;
}

static void bitmap_set(struct bitmap *bitmap, int x, int y)
{
    bitmap->bits[y * bitmap->row_bytes + x / 8] |=
        (unsigned char)(0x80 >> (x % 8));
}

static struct bitmap bitmap_from_surface(struct arena *arena,
                                         cairo_surface_t *surface)
{
    doc_lib()->cairo_surface_flush(surface);
    struct bitmap bitmap =
        bitmap_new(arena, doc_lib()->cairo_image_surface_get_width(surface),
                   doc_lib()->cairo_image_surface_get_height(surface));
    const unsigned char *data =
        doc_lib()->cairo_image_surface_get_data(surface);
    int stride = doc_lib()->cairo_image_surface_get_stride(surface);
    for (int y = 0; y < bitmap.height; y++)
        for (int x = 0; x < bitmap.width; x++)
            if (data[y * stride + x] >= INK)
                bitmap_set(&bitmap, x, y);
    return bitmap;
}

/* --- parts -------------------------------------------------------------- */

static void add_place(struct buf *out, long x, long y, bool is_white)
{
    buf_addf(out, "^FO%ld,%ld%s", x < 0 ? 0 : x, y < 0 ? 0 : y,
             is_white ? "^FR" : "");
}

/* One line of a layout; x and baseline in points on the page. */
struct zpl_line {
    PangoLayoutLine *line;
    double x, baseline;
    bool is_white;
};

static void add_line_picture(struct buf *out, struct arena *arena,
                             const struct zpl_line *at)
{
    PangoRectangle ink;
    doc_lib()->pango_layout_line_get_extents(at->line, &ink, NULL);
    double scale = DOTS_PER_POINT / PANGO_SCALE;
    long left = dots(at->x) + (long)(ink.x * scale) - 1;
    long top = dots(at->baseline) + (long)(ink.y * scale) - 1;
    int width = (int)(ink.width * scale) + 3;
    int height = (int)(ink.height * scale) + 3;
    cairo_surface_t *surface =
        doc_lib()->cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
    cairo_t *cr = doc_lib()->cairo_create(surface);
    doc_lib()->cairo_translate(cr, (double)(dots(at->x) - left),
                               (double)(dots(at->baseline) - top));
    doc_lib()->cairo_scale(cr, DOTS_PER_POINT, DOTS_PER_POINT);
    doc_lib()->pango_cairo_show_layout_line(cr, at->line);
    struct bitmap bitmap = bitmap_from_surface(arena, surface);
    doc_lib()->cairo_destroy(cr);
    doc_lib()->cairo_surface_destroy(surface);
    add_place(out, left, top, at->is_white);
    add_bitmap(out, &bitmap);
}

static void add_line(struct buf *out, struct arena *arena,
                     const struct doc_op *op, const struct zpl_line *at)
{
    int begun = doc_lib()->pango_layout_line_get_start_index(at->line);
    str text = {doc_lib()->pango_layout_get_text(op->layout) + begun,
                (size_t)doc_lib()->pango_layout_line_get_length(at->line)};
    text = str_trim(text);
    if (text.len == 0)
        return;
    if (!op->is_left || !printer_has(text)) {
        add_line_picture(out, arena, at);
        return;
    }
    buf_addf(out, "^FT%ld,%ld%s^A0N,%ld,0^FH^FD", dots(at->x),
             dots(at->baseline), at->is_white ? "^FR" : "", dots(op->size));
    add_escaped(out, text);
    buf_add_cstr(out, "^FS\n");
}

static void add_text(struct buf *out, struct arena *arena,
                     const struct doc_op *op)
{
    PangoLayoutIter *iter = doc_lib()->pango_layout_get_iter(op->layout);
    do {
        PangoRectangle logical;
        doc_lib()->pango_layout_iter_get_line_extents(iter, NULL, &logical);
        int baseline = doc_lib()->pango_layout_iter_get_baseline(iter);
        struct zpl_line line = {
            doc_lib()->pango_layout_iter_get_line_readonly(iter),
            op->at.x + (double)logical.x / PANGO_SCALE,
            op->at.y + (double)baseline / PANGO_SCALE, op->is_white};
        add_line(out, arena, op, &line);
    } while (doc_lib()->pango_layout_iter_next_line(iter));
    doc_lib()->pango_layout_iter_free(iter);
}

/* The modules as they are, dot by dot. */
static void add_modules(struct buf *out, struct arena *arena,
                        const struct doc_op *op)
{
    const struct doc_barcode *b = &op->barcode;
    int side = (int)dots(op->module);
    int rows = b->height > 1 ? side : (int)dots(op->at.h);
    struct bitmap bitmap = bitmap_new(arena, b->width * side, b->height * rows);
    for (int y = 0; y < bitmap.height; y++)
        for (int x = 0; x < bitmap.width; x++)
            if (b->modules[y / rows * b->width + x / side])
                bitmap_set(&bitmap, x, y);
    add_place(out, dots(op->at.x), dots(op->at.y), false);
    add_bitmap(out, &bitmap);
}

/* The printer's own bars where every printer would draw the same ones and
 * they fit; else, and for a QR code whose version printers choose, a picture.
 */
static void add_bars(struct buf *out, struct arena *arena,
                     const struct doc_op *op)
{
    const struct doc_barcode *b = &op->barcode;
    int modules = 0;
    str data;
    bool is_own = doc_barcode_zpl(arena, b, &data, &modules);
    long dot = dots(op->module);
    long room = dots(op->room.w);
    while (is_own && dot > BAR_DOTS_MIN &&
           (modules + 2 * b->quiet) * dot > room)
        dot--;
    if (!is_own || (modules + 2 * b->quiet) * dot > room) {
        add_modules(out, arena, op);
        return;
    }
    long middle = dots(op->at.x + op->at.w / 2);
    buf_addf(out, "^BY%ld", dot);
    add_place(out, middle - modules * dot / 2, dots(op->at.y), false);
    buf_addf(out, "^BCN,%ld,N,N,N,N^FH^FD", dots(op->at.h));
    add_escaped(out, data);
    buf_add_cstr(out, "^FS\n");
}

static void add_box(struct buf *out, const struct doc_op *op)
{
    long x = dots(op->at.x), y = dots(op->at.y);
    long w = dots(op->at.x + op->at.w) - x;
    long h = dots(op->at.y + op->at.h) - y;
    w = w < 1 ? 1 : w;
    h = h < 1 ? 1 : h;
    add_place(out, x, y, false);
    buf_addf(out, "^GB%ld,%ld,%ld,%s^FS\n", w, h, w < h ? w : h,
             op->gray > 0.5 ? "W" : "B");
}

void doc_zpl_page(const struct doc_sheet *sheet, struct buf *out)
{
    struct arena *arena = sheet->ctx.arena;
    buf_addf(out, "^XA^CI28^LH0,0^PON^PW%ld^LL%ld\n", dots(sheet->width),
             dots(sheet->height));
    for (size_t i = 0; i < sheet->count; i++) {
        const struct doc_op *op = &sheet->ops[i];
        switch (op->kind) {
        case DOC_OP_BOX: add_box(out, op); break;
        case DOC_OP_TEXT: add_text(out, arena, op); break;
        case DOC_OP_BARS: add_bars(out, arena, op); break;
        }
    }
    buf_add_cstr(out, "^PQ1^XZ\n");
}
