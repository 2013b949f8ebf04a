/* doc_block.c - an address as a block of lines in one size. */
#include "base/doc_sheet.h"

#include "base/arena.h"
#include "base/str.h"

#define HALVES 2.0 /* Sizes are half points. */

enum { LINE_CHARS = 40, LINES_BROKEN = 20 };

struct block_lines {
    struct doc_address_line all[DOC_ADDRESS_LINES + 1];
    size_t count;
    enum doc_align align;
    bool may_break;
};

static bool is_addressee(const struct doc_address *address,
                         const struct doc_address_line *line)
{
    const char *field = address->name.len ? "name" : "company";
    return str_equal_cstr(str_from_cstr(line->field), field);
}

static struct doc_text block_text(struct doc_sheet *sheet,
                                  const struct doc_block *block,
                                  const struct block_lines *lines, size_t n)
{
    struct arena *arena = doc_sheet_ctx(sheet)->arena;
    const struct doc_address_line *line = &lines->all[n];
    str field = str_printf(arena, "%s.%s", block->prefix, line->field);
    bool is_last = n + 1 == lines->count;
    return (struct doc_text){.text = line->text,
                             .field = str_to_cstr(arena, field),
                             .x = block->at.x,
                             .w = block->at.w,
                             .lines = lines->may_break ? LINES_BROKEN : 1,
                             .chars = LINE_CHARS,
                             .align = lines->align,
                             .country = block->address->country,
                             .is_bold = is_addressee(block->address, line) ||
                                        (is_last && block->last_bold)};
}

static err_t block_fits(struct doc_sheet *sheet, const struct doc_block *block,
                        const struct block_lines *lines, double size, bool *ret)
{
    double y = 0;
    *ret = true;
    for (size_t i = 0; i < lines->count && *ret; i++) {
        struct doc_text text = block_text(sheet, block, lines, i);
        text.size = size;
        double height;
        TRY(doc_fit_text(sheet, &text, &height, ret));
        y += height;
    }
    *ret = *ret && y <= block->at.h;
    return OK;
}

/* The size at which no line need be broken, by how wide they are. */
static err_t unbroken_halves(struct doc_sheet *sheet,
                             const struct doc_block *block,
                             const struct block_lines *lines, int *ret)
{
    double widest = 1, total = 1;
    for (size_t i = 0; i < lines->count; i++) {
        struct doc_text text = block_text(sheet, block, lines, i);
        text.size = block->size;
        double width, height;
        TRY(doc_natural_text(sheet, &text, &width, &height));
        widest = width > widest ? width : widest;
        total += height;
    }
    double share = block->at.w / widest;
    if (block->at.h / total < share)
        share = block->at.h / total;
    *ret = (int)(block->size * HALVES * (share < 1 ? share : 1));
    return OK;
}

/* The largest size from `most` down to `least` at which all fits; else 0. */
static err_t largest(struct doc_sheet *sheet, const struct doc_block *block,
                     const struct block_lines *lines, int most, int least,
                     int *ret)
{
    bool fits = false;
    for (int half = most; half >= least && !fits; half--) {
        TRY(block_fits(sheet, block, lines, half / HALVES, &fits));
        *ret = fits ? half : 0;
    }
    return OK;
}

static err_t block_put(struct doc_sheet *sheet, const struct doc_block *block,
                       const struct block_lines *lines, double size,
                       double *ret_height)
{
    *ret_height = 0;
    for (size_t i = 0; i < lines->count; i++) {
        struct doc_text text = block_text(sheet, block, lines, i);
        text.y = block->at.y + *ret_height;
        text.size = size;
        double height;
        TRY(doc_put_text(sheet, &text, &height));
        *ret_height += height;
    }
    return OK;
}

static err_t refuse_longest(struct doc_sheet *sheet,
                            const struct doc_block *block,
                            const struct block_lines *lines)
{
    size_t best = 0;
    for (size_t i = 1; i < lines->count; i++)
        if (lines->all[i].text.len > lines->all[best].text.len)
            best = i;
    const char *field = block_text(sheet, block, lines, best).field;
    return doc_sheet_report(
        sheet,
        fail_as(doc_sheet_ctx(sheet), ERR_INVALID, "text_too_long", field,
                "is too long: the address does not fit on this "
                "document"));
}

/* Its lines, and the size at which they fit in halves of a point; 0: at none.
 */
static err_t lay_out(struct doc_sheet *sheet, const struct doc_block *block,
                     struct block_lines *lines, int *ret)
{
    *lines = (struct block_lines){.align = DOC_LEFT};
    lines->count = doc_address_lines(doc_sheet_ctx(sheet), block->address,
                                     block->home, lines->all);
    if (block->with_phone && block->address->phone.len)
        lines->all[lines->count++] =
            (struct doc_address_line){"phone", block->address->phone};
    ASSERT(lines->count > 0);
    if (doc_is_rtl(lines->all[0].text))
        lines->align = DOC_RIGHT;
    int most, least = (int)(block->size_min * HALVES);
    TRY(unbroken_halves(sheet, block, lines, &most));
    /* Smaller letters rather than broken lines, but not much smaller. */
    int enough = (int)(block->size * HALVES * 0.7);
    *ret = 0;
    TRY(largest(sheet, block, lines, most, enough < least ? least : enough,
                ret));
    if (*ret)
        return OK;
    lines->may_break = true;
    return largest(sheet, block, lines, (int)(block->size * HALVES), least,
                   ret);
}

err_t doc_address_fits(struct doc_sheet *sheet, const struct doc_block *block,
                       bool *ret)
{
    struct block_lines lines;
    int halves;
    TRY(lay_out(sheet, block, &lines, &halves));
    *ret = halves > 0;
    return OK;
}

err_t doc_put_address(struct doc_sheet *sheet, const struct doc_block *block,
                      double *ret_height)
{
    struct block_lines lines;
    int halves;
    TRY(lay_out(sheet, block, &lines, &halves));
    if (halves)
        return block_put(sheet, block, &lines, halves / HALVES, ret_height);
    return refuse_longest(sheet, block, &lines);
}
