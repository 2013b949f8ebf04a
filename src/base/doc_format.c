/* doc_format.c - numbers as documents print them. */
#include "base/doc_format.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"

enum { GROUP = 3 };

static str kilograms(struct arena *arena, int64_t g)
{
    char text[40];
    int len = snprintf(text, sizeof text, "%lld.%03lld", (long long)(g / 1000),
                       (long long)(g % 1000));
    while (text[len - 1] == '0')
        len--;
    if (text[len - 1] == '.')
        len--;
    return str_printf(arena, "%.*s kg", len, text);
}

str doc_weight(struct arena *arena, int64_t weight_g, enum doc_units units)
{
    ASSERT(weight_g >= 0);
    if (units == DOC_METRIC)
        return kilograms(arena, weight_g);
    /* An ounce has 28.349523125 g; tenths, half up. */
    ASSERT(weight_g <= LIMIT_QTY);
    int64_t tenths = (weight_g * 10000000 + 14174761) / 28349523;
    return str_printf(arena, "%lld lb %lld.%lld oz", (long long)(tenths / 160),
                      (long long)(tenths % 160 / 10), (long long)(tenths % 10));
}

str doc_day(struct arena *arena, int64_t day)
{
    char text[DATE_TEXT_BYTES];
    date_to_text(day, text);
    return str_copy(arena, (str){text, sizeof text});
}

str doc_money(struct arena *arena, money amount)
{
    str plain = money_to_decimal(arena, amount);
    size_t whole = 0;
    while (whole < plain.len && plain.ptr[whole] != '.')
        whole++;
    struct buf out;
    buf_init(&out, arena, plain.len * 2 + 8);
    for (size_t i = 0; i < plain.len; i++) {
        bool is_digit = i < whole && plain.ptr[i] != '-';
        bool has_before = i > 0 && plain.ptr[i - 1] != '-';
        if (is_digit && has_before && (whole - i) % GROUP == 0)
            buf_add_char(&out, ',');
        buf_add_char(&out, plain.ptr[i]);
    }
    buf_add_char(&out, ' ');
    buf_add_cstr(&out, amount.currency);
    return buf_str(&out);
}
