/* doc_text.c - one text of a document, laid out by pango in any script. */
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/doc_sheet.h"
#include "base/doc_sheet_int.h"
#include "base/str.h"

#define WIDE 100000.0 /* Nothing is as wide. */

/* Named in full, so that the same text looks the same on machines that have
 * other fonts besides. */
static const char fonts[] =
    "Noto Sans,%s,Noto Sans Arabic,Noto Sans Hebrew,Noto Sans Devanagari,"
    "Noto Sans Thai,Noto Sans Bengali,Noto Sans Tamil,Noto Sans Telugu,"
    "Noto Sans Gujarati,Noto Sans Gurmukhi,Noto Sans Kannada,"
    "Noto Sans Malayalam,Noto Sans Sinhala,Noto Sans Lao,Noto Sans Khmer,"
    "Noto Sans Myanmar,Noto Sans Armenian,Noto Sans Georgian,"
    "Noto Sans Ethiopic,Noto Sans Symbols,Noto Sans Symbols2,Symbola,"
    "sans-serif";

static const char *cjk_font(str country)
{
    static const struct {
        const char *country, *family;
    } all[] = {
        {"JP", "Noto Sans CJK JP"},
        {"KR", "Noto Sans CJK KR"},
        {"TW", "Noto Sans CJK TC"},
        {"HK", "Noto Sans CJK HK"},
        {"MO", "Noto Sans CJK HK"}
    };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (str_equal_cstr(country, all[i].country))
            return all[i].family;
    return "Noto Sans CJK SC";
}

/* The letter at *at, which moves behind it; the text is UTF-8. */
static UChar32 letter_next(str text, int32_t *at)
{
    UChar32 c;
    int32_t i = *at;
    ASSERT(i >= 0 && (size_t)i < text.len);
    U8_NEXT_UNSAFE(text.ptr, i, c);
    *at = i;
    return c;
}

/* --- what may not be printed -------------------------------------------- */

/* Marks that turn the direction of what follows, and line ends of Unicode. */
static bool is_forbidden(UChar32 c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0x2028 || c == 0x2029 || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFB);
}

static err_t check_text(struct doc_sheet *sheet, const struct doc_text *text)
{
    ASSERT(!text->chars || !(text->is_note || text->has_breaks));
    struct ctx *ctx = &sheet->ctx;
    if (text->text.len > LIMIT_NOTE_BYTES)
        return fail_as(ctx, ERR_INVALID, "text_too_long", text->field,
                       "must have at most %d bytes", LIMIT_NOTE_BYTES);
    if (!str_is_utf8(text->text))
        return fail_as(ctx, ERR_INVALID, "text_invalid", text->field,
                       "must be UTF-8");
    str rest = text->text;
    do {
        str line = rest;
        if (text->has_breaks)
            line = str_split(rest, '\n', &rest);
        else
            rest = STR_NONE;
        if (!text_is_line(line))
            return fail_as(ctx, ERR_INVALID, "text_invalid", text->field,
                           "must not hold control characters");
    } while (rest.len);
    for (int32_t i = 0; i < (int32_t)text->text.len;) {
        UChar32 c = letter_next(text->text, &i);
        if (is_forbidden(c))
            return fail_as(ctx, ERR_INVALID, "text_invalid", text->field,
                           "must not hold U+%04X, which changes the order of "
                           "what is read",
                           (unsigned)c);
    }
    return OK;
}

/* --- letters that no font has ------------------------------------------- */

/* The first byte of a letter without a glyph from `from` on, or -1. */
static int missing_in(PangoLayout *layout, int from)
{
    int found = -1;
    PangoLayoutIter *iter = doc_lib()->pango_layout_get_iter(layout);
    do {
        PangoLayoutRun *run =
            doc_lib()->pango_layout_iter_get_run_readonly(iter);
        for (int i = 0; run && i < run->glyphs->num_glyphs; i++) {
            if (!(run->glyphs->glyphs[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG) ||
                run->glyphs->glyphs[i].glyph == PANGO_GLYPH_EMPTY)
                continue;
            int at = run->item->offset + run->glyphs->log_clusters[i];
            if (at >= from && (found < 0 || at < found))
                found = at;
        }
    } while (doc_lib()->pango_layout_iter_next_run(iter));
    doc_lib()->pango_layout_iter_free(iter);
    return found;
}

/* The same text with their numbers in place of letters without a glyph. */
static str spell_missing(struct arena *arena, PangoLayout *layout, str text)
{
    struct buf out;
    buf_init(&out, arena, text.len * 12 + 1);
    int32_t done = 0;
    for (int at = missing_in(layout, 0); at >= 0;
         at = missing_in(layout, done)) {
        buf_add(&out, text.ptr + done, (size_t)(at - done));
        done = at;
        UChar32 c = letter_next(text, &done);
        buf_addf(&out, "[U+%04X]", (unsigned)c);
    }
    buf_add(&out, text.ptr + done, text.len - (size_t)done);
    return buf_str(&out);
}

static const char too_long[] = "text_too_long";

/* --- laying out --------------------------------------------------------- */

static void set_font(PangoLayout *layout, const struct doc_text *text,
                     double size)
{
    char families[sizeof fonts + 32];
    (void)snprintf(families, sizeof families, fonts, cjk_font(text->country));
    PangoFontDescription *font = doc_lib()->pango_font_description_new();
    doc_lib()->pango_font_description_set_family(font, families);
    doc_lib()->pango_font_description_set_weight(
        font, text->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    doc_lib()->pango_font_description_set_absolute_size(font,
                                                        size * PANGO_SCALE);
    doc_lib()->pango_layout_set_font_description(layout, font);
    doc_lib()->pango_font_description_free(font);
}

bool doc_is_rtl(str text)
{
    for (int32_t i = 0; i < (int32_t)text.len;) {
        UCharDirection direction = u_charDirection(letter_next(text, &i));
        if (direction == U_LEFT_TO_RIGHT)
            return false;
        if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC)
            return true;
    }
    return false;
}

/* Pango's left is where a paragraph begins; ours is what the eye sees. */
static PangoAlignment pango_align(const struct doc_text *text)
{
    bool is_rtl = doc_is_rtl(text->text);
    switch (text->align) {
    case DOC_CENTER: return PANGO_ALIGN_CENTER;
    case DOC_LEFT: return is_rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
    case DOC_RIGHT: return is_rtl ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT;
    }
    UNREACHABLE("pango_align: every side is named above");
}

static int longest_line(PangoLayout *layout)
{
    int longest = 0;
    const char *all = doc_lib()->pango_layout_get_text(layout);
    for (int i = 0; i < doc_lib()->pango_layout_get_line_count(layout); i++) {
        PangoLayoutLine *line =
            doc_lib()->pango_layout_get_line_readonly(layout, i);
        const char *begun =
            all + doc_lib()->pango_layout_line_get_start_index(line);
        int chars = (int)doc_lib()->g_utf8_strlen(
            begun, doc_lib()->pango_layout_line_get_length(line));
        if (chars > longest)
            longest = chars;
    }
    return longest;
}

/* The last place up to `chars` letters after `from` where a line may end: at
 * a break between words, else between two letters. */
static int break_before(const PangoLogAttr *attrs, int count, int from,
                        int chars)
{
    int last = from + chars;
    if (last >= count - 1)
        return count - 1;
    for (int i = last; i > from; i--)
        if (attrs[i].is_line_break)
            return i;
    for (int i = last; i > from; i--)
        if (attrs[i].is_cursor_position)
            return i;
    return last;
}

/* With line ends so that no line has more than text->chars letters. */
static str break_lines(struct arena *arena, PangoLayout *layout,
                       const struct doc_text *text)
{
    int count;
    const PangoLogAttr *attrs =
        doc_lib()->pango_layout_get_log_attrs_readonly(layout, &count);
    struct buf out;
    buf_init(&out, arena, text->text.len * 2 + 2);
    int32_t byte = 0;
    for (int at = 0; at < count - 1;) {
        int end = break_before(attrs, count, at, text->chars);
        int32_t begun = byte;
        for (int i = at; i < end; i++)
            (void)letter_next(text->text, &byte);
        str line = {text->text.ptr + begun, (size_t)(byte - begun)};
        if (at)
            buf_add_char(&out, '\n');
        buf_add_str(&out, str_trim(line));
        at = end;
    }
    return buf_str(&out);
}

static err_t refuse_missing(struct doc_sheet *sheet, PangoLayout *layout,
                            const struct doc_text *text)
{
    int32_t at = missing_in(layout, 0);
    if (at < 0)
        return OK;
    str laid = str_from_cstr(doc_lib()->pango_layout_get_text(layout));
    return fail_as(&sheet->ctx, ERR_INVALID, "glyph_missing", text->field,
                   "has U+%04X, which no font of this machine can draw",
                   (unsigned)letter_next(laid, &at));
}

static void set_text(PangoLayout *layout, str text)
{
    doc_lib()->pango_layout_set_text(layout, text.len ? text.ptr : "",
                                     (int)text.len);
}

/* Text and font are set, letters without a glyph dealt with. */
static err_t lay_out(struct doc_sheet *sheet, PangoLayout *layout,
                     const struct doc_text *text)
{
    doc_lib()->pango_layout_set_width(layout, (int)(text->w * PANGO_SCALE));
    doc_lib()->pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    doc_lib()->pango_layout_set_alignment(layout, pango_align(text));
    set_text(layout, text->text);
    set_font(layout, text, text->size);
    if (doc_lib()->pango_layout_get_unknown_glyphs_count(layout) > 0) {
        if (!text->is_note)
            TRY(refuse_missing(sheet, layout, text));
        set_text(layout, spell_missing(sheet->ctx.arena, layout, text->text));
    }
    if (text->chars && longest_line(layout) > text->chars)
        set_text(layout, break_lines(sheet->ctx.arena, layout, text));
    int lines = text->lines ? text->lines : 1;
    double size = text->size;
    double least = text->size_min > 0 ? text->size_min : size;
    while (doc_lib()->pango_layout_get_line_count(layout) > lines &&
           size - 0.5 >= least)
        set_font(layout, text, size -= 0.5);
    if (doc_lib()->pango_layout_get_line_count(layout) <= lines)
        return OK;
    return fail_as(&sheet->ctx, ERR_INVALID, too_long, text->field,
                   "is too long for its place on the document");
}

/* The layout is the caller's to unref, also where it fails. */
static err_t make(struct doc_sheet *sheet, const struct doc_text *text,
                  PangoLayout **ret, double *ret_height)
{
    *ret = doc_lib()->pango_layout_new(sheet->pango);
    TRY(check_text(sheet, text));
    TRY(lay_out(sheet, *ret, text));
    int height;
    doc_lib()->pango_layout_get_size(*ret, NULL, &height);
    *ret_height = (double)height / PANGO_SCALE;
    return OK;
}

err_t doc_measure_text(struct doc_sheet *sheet, const struct doc_text *text,
                       double *ret_height)
{
    PangoLayout *layout;
    err_t err = make(sheet, text, &layout, ret_height);
    doc_lib()->g_object_unref(layout);
    return doc_sheet_report(sheet, err);
}

err_t doc_natural_text(struct doc_sheet *sheet, const struct doc_text *text,
                       double *ret_width, double *ret_height)
{
    struct doc_text wide = *text;
    PangoLayout *layout;
    wide.w = WIDE;
    wide.chars = 0;
    err_t err = make(sheet, &wide, &layout, ret_height);
    if (err == OK) {
        int width;
        doc_lib()->pango_layout_get_size(layout, &width, NULL);
        *ret_width = (double)width / PANGO_SCALE;
    }
    doc_lib()->g_object_unref(layout);
    return doc_sheet_report(sheet, err);
}

err_t doc_fit_text(struct doc_sheet *sheet, const struct doc_text *text,
                   double *ret_height, bool *ret_fits)
{
    PangoLayout *layout;
    *ret_height = 0;
    err_t err = make(sheet, text, &layout, ret_height);
    doc_lib()->g_object_unref(layout);
    *ret_fits = err == OK;
    if (err == OK || sheet->ctx.err.slug != too_long)
        return doc_sheet_report(sheet, err);
    err_clear(&sheet->ctx);
    return OK;
}

err_t doc_put_text(struct doc_sheet *sheet, const struct doc_text *text,
                   double *ret_height)
{
    PangoLayout *layout;
    double height;
    err_t err = make(sheet, text, &layout, &height);
    if (err != OK) {
        doc_lib()->g_object_unref(layout);
        return doc_sheet_report(sheet, err);
    }
    const struct doc_rect at = {text->x, text->y, text->w, height};
    struct doc_op *op = doc_op_add(sheet, DOC_OP_TEXT, at);
    op->layout = layout;
    op->is_white = text->is_white;
    op->is_left = text->align == DOC_LEFT;
    const PangoFontDescription *font =
        doc_lib()->pango_layout_get_font_description(layout);
    op->size =
        (double)doc_lib()->pango_font_description_get_size(font) / PANGO_SCALE;
    if (ret_height)
        *ret_height = height;
    return OK;
}
