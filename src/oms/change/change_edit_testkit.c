/* change_edit_testkit.c - see change_edit_testkit.h. */
#include "oms/change/change_edit_testkit.h"

#include "base/json.h"
#include "base/testing.h"
#include "oms/room.h"

const char *edit_test_call(struct shop *shop, struct testkit_call call,
                           struct testkit_reply *reply)
{
    shop_call(shop, &edit_room, &call, reply);
    if (reply->err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(reply->err);
}

const char *edit_test_json(struct shop *shop, const char *text)
{
    char *ret = arena_array(shop->kit->arena, char, strlen(text) * 8 + 64);
    size_t n = 0;
    for (const char *at = text; *at; at++) {
        const char *end = strncmp(at, "EUR(", 4) == 0 ? strchr(at, ')') : NULL;
        if (!end) {
            ret[n++] = *at == '\'' ? '"' : *at;
            continue;
        }
        n += (size_t)snprintf(ret + n, 64,
                              "{\"amount\":%.*s,\"currency\":\"EUR\"}",
                              (int)(end - at - 4), at + 4);
        at = end;
    }
    ret[n] = '\0';
    return ret;
}

struct edit_drafted edit_test_draft(struct shop *shop, order_id order,
                                    int64_t version, const char *actions)
{
    struct edit_drafted ret;
    struct testkit_call c = {
        .operation = "draftOrderChange",
        .path = {shop_id(shop, "ord", order.v)},
        .body = shop_text(
            shop, "{\"version\":%lld,\"reason\":\"test\",\"actions\":[%s]}",
            (long long)version, edit_test_json(shop, actions))};
    ret.slug = edit_test_call(shop, c, &ret.reply);
    if (ret.reply.err == OK)
        assert_ok(&ret.reply.ctx,
                  json_get_id(ret.reply.json, "id", "chg", &ret.id.v));
    return ret;
}

const char *edit_test_step(struct shop *shop, const char *operation,
                           order_change_id id, const char *body)
{
    struct testkit_reply reply;
    struct testkit_call c = {.operation = operation,
                             .path = {shop_id(shop, "chg", id.v)},
                             .body = edit_test_json(shop, body)};
    return edit_test_call(shop, c, &reply);
}

const char *edit_test_change(struct shop *shop, order_id order,
                             const char *actions)
{
    struct edit_drafted d =
        edit_test_draft(shop, order, shop_order(shop, order).version, actions);
    if (*d.slug)
        return d.slug;
    assert_string_equal(
        edit_test_step(shop, "requestOrderChange", d.id, "{'version':1}"), "");
    return edit_test_step(shop, "confirmOrderChange", d.id, "{'version':2}");
}
