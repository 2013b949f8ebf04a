/* channel_shop.c - the shop as its buyers see it: pages that a link opens. */
#include <assert.h>
#include <string.h>

#include "base/check.h"
#include "base/json_any.h"
#include "base/str.h"
#include "oms/channel/channel_rules.h"

enum { LINK_BYTES = 500, PAGES_BYTES = 120, COLOR_BYTES = 7 };

static bool is_color(str text)
{
    if (text.len != COLOR_BYTES || text.ptr[0] != '#')
        return false;
    for (size_t i = 1; i < text.len; i++) {
        char c = text.ptr[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return false;
    }
    return true;
}

static bool is_plain(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] <= ' ' || text.ptr[i] == '"')
            return false;
    return text.len > 0 && text.len <= LINK_BYTES && text_is_line(text);
}

static bool is_link(str text)
{
    return is_plain(text) && text_is_link(text);
}

/* What a path may be put behind. */
static bool is_pages(str text)
{
    if (text.len > PAGES_BYTES || !is_link(text) ||
        text.ptr[text.len - 1] == '/')
        return false;
    return !memchr(text.ptr, '?', text.len) && !memchr(text.ptr, '#', text.len);
}

static bool is_contact(str text)
{
    size_t marks = 0;
    for (size_t i = 0; i < text.len; i++)
        marks += text.ptr[i] == '@' && i > 0 && i + 1 < text.len;
    return is_plain(text) && marks == 1;
}

static const struct {
    const char *key, *field, *is;
    bool (*fits)(str text);
} shown[] = {
    {"shop_color",   "attrs.shop_color",   "a colour as #0b6780",    is_color  },
    {"shop_link",    "attrs.shop_link",    "an address by https://", is_link   },
    {"shop_contact", "attrs.shop_contact", "a mail address",         is_contact},
    {"shop_pages",   "attrs.shop_pages",
     "an address by https:// without a / "
     "at its end",                                                   is_pages  },
};

err_t channel_check_shop(struct ctx *ctx, str attrs)
{
    json_any doc;
    err_t err = OK;
    TRY(json_any_parse(ctx, &attrs, &doc));
    for (size_t i = 0; i < COUNT_OF(shown) && err == OK; i++)
        if (!json_any_is_blank(json_any_get(doc, shown[i].key)) &&
            !shown[i].fits(json_any_get_text(ctx->arena, doc, shown[i].key)))
            err = fail_as(ctx, ERR_INVALID, "shop_invalid", shown[i].field,
                          "must be %s", shown[i].is);
    json_any_close(doc);
    return err;
}

/* What was stored before it was looked at is left out. */
err_t channel_shop_get(struct ctx *ctx, channel_id id, struct channel_shop *ret)
{
    struct channel channel;
    json_any doc;
    TRY(channel_get(ctx, id, &channel));
    struct channel_shop shop = {.name = channel.brand.len > 0 ? channel.brand
                                                              : channel.name};
    str *const to[] = {&shop.color, &shop.link, &shop.contact, &shop.pages};
    static_assert(COUNT_OF(shown) == COUNT_OF(to), "one for each");
    TRY(json_any_parse(ctx, &channel.attrs, &doc));
    for (size_t i = 0; i < COUNT_OF(shown); i++) {
        str text = json_any_get_text(ctx->arena, doc, shown[i].key);
        if (shown[i].fits(text))
            *to[i] = text;
    }
    json_any_close(doc);
    *ret = shop;
    return OK;
}
