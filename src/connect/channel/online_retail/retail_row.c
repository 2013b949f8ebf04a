/* retail_row.c - one row: its cells checked and cleaned. */
#include "base/arena.h"
#include "base/check.h"
#include "base/str.h"
#include "base/time.h"
#include "connect/channel/online_retail/retail.h"

enum { COUNTRY_BYTES = 60 };
#define PRICE_MAX (LIMIT_MINOR * 1000)

/* Both spellings under which the set is passed on. */
static const char *const names[RETAIL_COLUMNS][2] = {
    [RETAIL_INVOICE] = {"InvoiceNo",   "Invoice"    },
    [RETAIL_SKU] = {"StockCode",   "StockCode"  },
    [RETAIL_TITLE] = {"Description", "Description"},
    [RETAIL_QTY] = {"Quantity",    "Quantity"   },
    [RETAIL_AT] = {"InvoiceDate", "InvoiceDate"},
    [RETAIL_PRICE] = {"UnitPrice",   "Price"      },
    [RETAIL_CUSTOMER] = {"CustomerID",  "Customer ID"},
    [RETAIL_COUNTRY] = {"Country",     "Country"    },
};

err_t retail_header_read(struct ctx *ctx, const str *cells, size_t count,
                         struct retail_header *ret)
{
    struct retail_header header = {.count = count};
    for (size_t i = 0; i < RETAIL_COLUMNS; i++) {
        size_t at = 0;
        while (at < count &&
               !str_equal_cstr(str_trim(cells[at]), names[i][0]) &&
               !str_equal_cstr(str_trim(cells[at]), names[i][1]))
            at++;
        if (at == count)
            return fail_as(ctx, ERR_INVALID, "header_unknown", "line 1",
                           "the first line must name the columns; there is no "
                           "%s",
                           names[i][0]);
        header.at[i] = at;
    }
    *ret = header;
    return OK;
}

enum retail_kind retail_kind_of(str invoice)
{
    char first = invoice.len > 0 ? invoice.ptr[0] : '0';
    if (first == 'C' || first == 'c')
        return RETAIL_CREDIT;
    return first == 'A' || first == 'a' ? RETAIL_ADJUST : RETAIL_SALE;
}

/* Without control characters and blanks around it. */
static str clean(struct arena *arena, str s, unsigned *notes)
{
    if (!text_is_line(s)) {
        char *to = arena_alloc_raw(arena, s.len + 1);
        size_t len = 0;
        for (size_t i = 0; i < s.len; i++) {
            unsigned char c = (unsigned char)s.ptr[i];
            bool is_c1 = c == 0xc2 && i + 1 < s.len &&
                         (unsigned char)s.ptr[i + 1] < 0xa0;
            if (is_c1)
                i++;
            else if (c >= 0x20 && c != 0x7f)
                to[len++] = s.ptr[i];
        }
        s = (str){to, len};
        *notes |= 1u << RETAIL_CONTROL_BYTES;
    }
    str trimmed = str_trim(s);
    if (trimmed.len != s.len)
        *notes |= 1u << RETAIL_TRIMMED;
    return trimmed;
}

/* The set writes NA where it knows nothing. */
static bool is_blank(str s)
{
    return s.len == 0 || str_equal_cstr(s, "NA");
}

static bool digits(str s, size_t at, size_t n, int64_t *ret)
{
    *ret = 0;
    if (at + n > s.len)
        return false;
    for (size_t i = at; i < at + n; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        *ret = *ret * 10 + (s.ptr[i] - '0');
    }
    return true;
}

/* "2010-12-01 08:26:00"; seconds may be missing, a T may stand for the blank.
 */
static bool read_time(str s, int64_t *ret)
{
    int64_t day, hour, minute, second = 0;
    bool has_seconds = s.len == 19;
    if ((s.len != 16 && !has_seconds) ||
        (s.ptr[10] != ' ' && s.ptr[10] != 'T') || s.ptr[13] != ':' ||
        !date_from_text((str){s.ptr, DATE_TEXT_BYTES}, &day) ||
        !digits(s, 11, 2, &hour) || !digits(s, 14, 2, &minute))
        return false;
    if (has_seconds && (s.ptr[16] != ':' || !digits(s, 17, 2, &second)))
        return false;
    if (day < 1 || hour > 23 || minute > 59 || second > 59)
        return false;
    *ret = day * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
    return true;
}

static bool put_digit(int64_t *value, int digit)
{
    if (*value > (PRICE_MAX - digit) / 10)
        return false;
    *value = *value * 10 + digit;
    return true;
}

/* "-11062.06" times 10^RETAIL_PRICE_DIGITS. */
static bool read_price(str s, int64_t *ret)
{
    bool is_negative = s.len > 0 && s.ptr[0] == '-';
    size_t at = is_negative ? 1 : 0, fraction = 0, seen = 0;
    bool is_fraction = false;
    int64_t value = 0;
    for (; at < s.len; at++) {
        char c = s.ptr[at];
        if (c == '.' && !is_fraction) {
            is_fraction = true;
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        seen++;
        if (is_fraction && fraction == RETAIL_PRICE_DIGITS) {
            if (c != '0')
                return false;
            continue;
        }
        fraction += is_fraction;
        if (!put_digit(&value, c - '0'))
            return false;
    }
    for (; fraction < RETAIL_PRICE_DIGITS; fraction++)
        if (!put_digit(&value, 0))
            return false;
    *ret = is_negative ? -value : value;
    return seen > 0;
}

static err_t bad(struct ctx *ctx, const char *slug, const char *field,
                 const char *text)
{
    return fail_as(ctx, ERR_INVALID, slug, field, "%s", text);
}

static err_t read_numbers(struct ctx *ctx, const str *cell,
                          struct retail_row *row)
{
    if (!str_to_i64(str_trim(cell[RETAIL_QTY]), &row->qty) ||
        row->qty > LIMIT_QTY || row->qty < -LIMIT_QTY)
        return bad(ctx, "quantity_invalid", "Quantity",
                   "is not a whole number of at most a billion");
    if (!read_price(str_trim(cell[RETAIL_PRICE]), &row->price))
        return bad(ctx, "price_invalid", "UnitPrice",
                   "is not a decimal number of at most six decimals");
    if (!read_time(str_trim(cell[RETAIL_AT]), &row->at))
        return bad(ctx, "time_invalid", "InvoiceDate",
                   "is not a time as 2010-12-01 08:26:00");
    if (row->price == 0)
        row->notes |= 1u << RETAIL_ZERO_PRICE;
    return OK;
}

static void read_title(struct ctx *ctx, str cell, struct retail_row *row)
{
    row->title = clean(ctx->arena, cell, &row->notes);
    if (is_blank(row->title)) {
        row->title = STR_NONE;
        row->notes |= 1u << RETAIL_NO_TITLE;
        return;
    }
    if (row->title.len > LIMIT_TITLE_BYTES) {
        row->title.len = LIMIT_TITLE_BYTES;
        while (!str_is_utf8(row->title))
            row->title.len--;
        row->notes |= 1u << RETAIL_TITLE_CUT;
    }
    if (memchr(row->title.ptr, ',', row->title.len))
        row->notes |= 1u << RETAIL_TITLE_COMMA;
    if (!str_is_ascii(row->title))
        row->notes |= 1u << RETAIL_NOT_ASCII;
}

static err_t read_texts(struct ctx *ctx, const str *cell,
                        struct retail_row *row)
{
    struct arena *arena = ctx->arena;
    row->invoice = clean(arena, cell[RETAIL_INVOICE], &row->notes);
    row->sku = clean(arena, cell[RETAIL_SKU], &row->notes);
    row->customer = clean(arena, cell[RETAIL_CUSTOMER], &row->notes);
    row->country = clean(arena, cell[RETAIL_COUNTRY], &row->notes);
    read_title(ctx, cell[RETAIL_TITLE], row);
    if (is_blank(row->invoice) || row->invoice.len > LIMIT_EXTERNAL_ID_BYTES)
        return bad(ctx, "invoice_invalid", "InvoiceNo",
                   "is empty or longer than 100 bytes");
    if (is_blank(row->sku) || row->sku.len > LIMIT_CODE_BYTES)
        return bad(ctx, "sku_invalid", "StockCode",
                   "is empty or longer than 64 bytes");
    if (row->country.len > COUNTRY_BYTES)
        return bad(ctx, "country_invalid", "Country", "is too long");
    if (row->customer.len > LIMIT_EXTERNAL_ID_BYTES)
        return bad(ctx, "customer_invalid", "CustomerID", "is too long");
    if (is_blank(row->customer)) {
        row->customer = STR_NONE;
        row->notes |= 1u << RETAIL_NO_CUSTOMER;
    }
    return OK;
}

err_t retail_row_read(struct ctx *ctx, const struct retail_header *header,
                      const str *cells, size_t count, struct retail_row *ret)
{
    str cell[RETAIL_COLUMNS];
    struct retail_row row = {0};
    if (count != header->count)
        return fail_as(ctx, ERR_INVALID, "row_columns", "",
                       "has %zu columns, the first line %zu", count,
                       header->count);
    for (size_t i = 0; i < RETAIL_COLUMNS; i++)
        cell[i] = cells[header->at[i]];
    TRY(read_texts(ctx, cell, &row));
    TRY(read_numbers(ctx, cell, &row));
    *ret = row;
    return OK;
}

enum retail_reason retail_row_reason(const struct retail_row *row)
{
    enum retail_kind kind = retail_kind_of(row->invoice);
    if (kind == RETAIL_ADJUST)
        return RETAIL_ADJUSTMENT;
    if (row->qty == 0)
        return RETAIL_ZERO_QTY;
    if (kind == RETAIL_SALE && row->qty < 0)
        return RETAIL_NEGATIVE_SALE;
    if (kind == RETAIL_CREDIT && row->qty > 0)
        return RETAIL_POSITIVE_CREDIT;
    return row->price < 0 ? RETAIL_NEGATIVE_PRICE : RETAIL_TAKEN;
}

const char *retail_reason_name(enum retail_reason reason)
{
    switch (reason) {
    case RETAIL_TAKEN: return "taken";
    case RETAIL_ADJUSTMENT: return "adjustment";
    case RETAIL_NEGATIVE_SALE: return "negative_without_c";
    case RETAIL_POSITIVE_CREDIT: return "positive_in_credit_note";
    case RETAIL_ZERO_QTY: return "zero_quantity";
    case RETAIL_NEGATIVE_PRICE: return "negative_price";
    case RETAIL_BAD_ROW: return "unreadable";
    case RETAIL_REASONS: break;
    }
    UNREACHABLE("not a reason");
}
