/* doc_barcode.c - modules by libzint; ZPL's Code 128 is chosen here. */
#include "base/doc_barcode.h"

#include <zint.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/str.h"

enum {
    QUIET_BARS = 10,
    QUIET_QR = 4,
    QR_LEVEL_M = 2,
    /* A symbol of Code 128: eleven modules; the stop has thirteen. */
    SYMBOL_MODULES = 11,
    STOP_MODULES = 13
};

static bool all_printable_ascii(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < ' ' || s.ptr[i] > '~')
            return false;
    return true;
}

static err_t refuse(struct ctx *ctx, const char *field, const char *why)
{
    return fail_as(ctx, ERR_INVALID, "barcode_invalid", field, "%s", why);
}

static err_t check_number(struct ctx *ctx, const char *field, str data,
                          size_t digits)
{
    if (data.len != digits || !str_is_digits(data))
        return fail_as(ctx, ERR_INVALID, "barcode_invalid", field,
                       "must have %zu digits", digits);
    if (!gs1_number_is_good(data, digits))
        return refuse(ctx, field, "its check digit is wrong");
    return OK;
}

static err_t check_text(struct ctx *ctx, const char *field, str data,
                        size_t max)
{
    if (data.len == 0 || data.len > max)
        return fail_as(ctx, ERR_INVALID, "barcode_invalid", field,
                       "must have 1 to %zu characters", max);
    if (!all_printable_ascii(data))
        return refuse(ctx, field, "must be printable ASCII");
    if (data.ptr[0] == ' ' || data.ptr[data.len - 1] == ' ')
        return refuse(ctx, field, "must not begin or end with a blank");
    return OK;
}

/* What libzint is asked for. */
struct wish {
    int symbology, mode, level;
    str source;
};

static err_t wish_for(struct ctx *ctx, enum doc_barcode_kind kind,
                      const char *field, str data, struct wish *ret)
{
    *ret = (struct wish){.source = data, .mode = DATA_MODE};
    switch (kind) {
    case DOC_CODE128:
        ret->symbology = BARCODE_CODE128;
        return check_text(ctx, field, data, DOC_CODE128_CHARS);
    case DOC_SSCC:
        ret->symbology = BARCODE_GS1_128;
        ret->mode = GS1_MODE;
        ret->source = str_printf(ctx->arena, "[00]%.*s", STR_ARG(data));
        return check_number(ctx, field, data, DOC_SSCC_DIGITS);
    case DOC_EAN13:
        ret->symbology = BARCODE_EANX;
        return check_number(ctx, field, data, DOC_EAN13_DIGITS);
    case DOC_QR:
        ret->symbology = BARCODE_QRCODE;
        ret->level = QR_LEVEL_M;
        return check_text(ctx, field, data, DOC_QR_CHARS);
    }
    UNREACHABLE("wish_for: every kind is named above");
}

static str text_below(struct arena *arena, enum doc_barcode_kind kind, str d)
{
    switch (kind) {
    case DOC_CODE128: return d;
    case DOC_SSCC:
        return str_printf(arena, "(00) %.1s %.7s %.9s %.1s", d.ptr, d.ptr + 1,
                          d.ptr + 8, d.ptr + 17);
    case DOC_EAN13:
        return str_printf(arena, "%.1s %.6s %.6s", d.ptr, d.ptr + 1, d.ptr + 7);
    case DOC_QR: return STR_NONE;
    }
    UNREACHABLE("text_below: every kind is named above");
}

static const unsigned char *
copy_modules(struct arena *arena, const struct zint_symbol *symbol, int rows)
{
    unsigned char *modules =
        arena_alloc(arena, (size_t)symbol->width * (size_t)rows);
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < symbol->width; x++)
            modules[y * symbol->width + x] =
                symbol->encoded_data[y][x / 8] >> (x % 8) & 1;
    return modules;
}

err_t doc_barcode_make(struct ctx *ctx, enum doc_barcode_kind kind,
                       const char *field, str data, struct doc_barcode *ret)
{
    struct wish wish;
    TRY(wish_for(ctx, kind, field, data, &wish));
    struct zint_symbol *symbol = ZBarcode_Create();
    ASSERT(symbol != NULL);
    symbol->symbology = wish.symbology;
    symbol->input_mode = wish.mode;
    if (wish.level)
        symbol->option_1 = wish.level;
    int code = ZBarcode_Encode(
        symbol, (const unsigned char *)str_to_cstr(ctx->arena, wish.source),
        (int)wish.source.len);
    err_t err = OK;
    if (code >= ZINT_ERROR) {
        err = refuse(ctx, field, "cannot be drawn as a barcode");
    } else {
        int rows = kind == DOC_QR ? symbol->rows : 1;
        *ret = (struct doc_barcode){
            .kind = kind,
            .width = symbol->width,
            .height = rows,
            .quiet = kind == DOC_QR ? QUIET_QR : QUIET_BARS,
            .modules = copy_modules(ctx->arena, symbol, rows),
            .data = str_copy(ctx->arena, data),
            .text = text_below(ctx->arena, kind, data)};
    }
    ZBarcode_Delete(symbol);
    return err;
}

bool doc_barcode_zpl(struct arena *arena, const struct doc_barcode *barcode,
                     str *ret, int *ret_modules)
{
    str data = barcode->data;
    int symbols = 2; /* Start and check. */
    if (barcode->kind == DOC_SSCC) {
        *ret = str_printf(arena, ">;>800%.*s", STR_ARG(data));
        symbols += 2 + DOC_SSCC_DIGITS / 2; /* FNC1 and the AI. */
    } else if (barcode->kind != DOC_CODE128 ||
               memchr(data.ptr, '>', data.len)) {
        return false;
    } else if (str_is_digits(data) && data.len % 2 == 0) {
        *ret = str_printf(arena, ">;%.*s", STR_ARG(data));
        symbols += (int)data.len / 2;
    } else {
        *ret = str_printf(arena, ">:%.*s", STR_ARG(data));
        symbols += (int)data.len;
    }
    *ret_modules = symbols * SYMBOL_MODULES + STOP_MODULES;
    return true;
}
