/* customer_json.c - bodies to commands: shapes and keys, nothing of rows. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/str.h"
#include "oms/customer/customer_change.h"
#include "oms/customer/customer_rules.h"

enum { POSTAL_CODE_BYTES = 40 };

const char *const consent_channel_names[6] = {"email", "sms",  "phone",
                                              "post",  "push", "any"};
const char *const consent_state_names[3] = {"given", "refused", "withdrawn"};

static err_t opt_line(struct json_in *in, const char *key, size_t max,
                      str *value, const str **ret)
{
    TRY(json_opt_str(in, key, 0, max, value));
    if (!text_is_line(*value))
        return json_fail(in, key, ERR_INVALID, "not_a_line",
                         "must be one line without control characters");
    *ret = json_has(in, key) ? value : NULL;
    return OK;
}

static err_t opt_tags(struct ctx *ctx, struct json_in *in,
                      struct customer_patch *patch)
{
    struct json_list list;
    struct buf buf;
    struct json_out out;
    if (!json_has(in, "tags"))
        return OK;
    TRY(json_get_list(in, "tags", 0, LIMIT_TAGS, &list));
    buf_init(&buf, ctx->arena, LIMIT_BODY_BYTES);
    json_out_init(&out, &buf);
    json_begin_list(&out, NULL);
    for (size_t i = 0; i < list.count; i++) {
        str tag;
        TRY(json_list_str(&list, i, 1, LIMIT_TAG_BYTES, &tag));
        json_put_str(&out, NULL, tag);
    }
    json_end_list(&out);
    patch->tags = buf_str(&buf);
    patch->cmd.tags = &patch->tags;
    return OK;
}

/* ---- keys ---- */

static err_t add_key(struct ctx *ctx, struct customer_cmd *cmd,
                     struct customer_key key, str field)
{
    for (size_t i = 0; i < cmd->key_count; i++)
        if (cmd->keys[i].kind == key.kind &&
            str_equal(cmd->keys[i].value, key.value) &&
            str_equal(cmd->keys[i].source, key.source))
            return fail_as(ctx, ERR_INVALID, "repeated",
                           str_to_cstr(ctx->arena, field),
                           "is there twice, as far as can be compared");
    cmd->fields[cmd->key_count] = str_to_cstr(ctx->arena, field);
    cmd->keys[cmd->key_count++] = key;
    return OK;
}

static err_t read_emails(struct ctx *ctx, struct json_in *in,
                         struct customer_cmd *cmd)
{
    struct json_list list;
    TRY(json_get_list(in, "emails", 0, LIMIT_CUSTOMER_KEYS / 3, &list));
    for (size_t i = 0; i < list.count; i++) {
        str text;
        struct customer_key key;
        str field = str_printf(ctx->arena, "emails[%zu]", i);
        TRY(json_list_str(&list, i, 1, LIMIT_EMAIL_BYTES, &text));
        if (!customer_email_key(ctx->arena, text, &key))
            return fail_as(ctx, ERR_INVALID, "email_invalid",
                           str_to_cstr(ctx->arena, field),
                           "must be an e-mail address, as ada@example.org");
        TRY(add_key(ctx, cmd, key, field));
    }
    return OK;
}

static err_t read_phones(struct ctx *ctx, struct json_in *in, str country,
                         struct customer_cmd *cmd)
{
    struct json_list list;
    TRY(json_get_list(in, "phones", 0, LIMIT_CUSTOMER_KEYS / 3, &list));
    for (size_t i = 0; i < list.count; i++) {
        str text;
        struct customer_key key;
        str field = str_printf(ctx->arena, "phones[%zu]", i);
        TRY(json_list_str(&list, i, 1, LIMIT_PHONE_BYTES, &text));
        if (!customer_phone_key(ctx->arena, text, country, &key))
            return fail_as(ctx, ERR_INVALID, "phone_invalid",
                           str_to_cstr(ctx->arena, field),
                           "must be a telephone number of 6 to 15 digits");
        TRY(add_key(ctx, cmd, key, field));
    }
    return OK;
}

static err_t read_external(struct ctx *ctx, struct json_in *in,
                           struct customer_cmd *cmd)
{
    struct json_list list;
    TRY(json_get_list(in, "external_ids", 0, LIMIT_CUSTOMER_KEYS / 3, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        str source, id;
        struct customer_key key;
        str field = str_printf(ctx->arena, "external_ids[%zu]", i);
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_str(at, "source", 1, LIMIT_SOURCE_BYTES, &source));
        TRY(json_get_str(at, "id", 1, LIMIT_EXTERNAL_ID_BYTES, &id));
        TRY(json_end(at));
        if (!customer_external_key(source, id, &key))
            return fail_as(ctx, ERR_INVALID, "not_a_line",
                           str_to_cstr(ctx->arena, field),
                           "must have no control characters");
        TRY(add_key(ctx, cmd, key, field));
    }
    return OK;
}

static err_t read_keys(struct ctx *ctx, struct json_in *in,
                       struct customer_cmd *cmd)
{
    str country = STR_NONE;
    TRY(json_opt_str(in, "country", 1, LIMIT_CODE_BYTES, &country));
    if (country.len > 0 && !country_is_known(country))
        return json_fail(in, "country", ERR_INVALID, "country_unknown",
                         "must be two capitals by ISO 3166, as DE");
    cmd->keys =
        arena_array(ctx->arena, struct customer_key, LIMIT_CUSTOMER_KEYS);
    cmd->fields = arena_array(ctx->arena, const char *, LIMIT_CUSTOMER_KEYS);
    cmd->is_kind_named[CUSTOMER_EMAIL] = json_has(in, "emails");
    cmd->is_kind_named[CUSTOMER_PHONE] = json_has(in, "phones");
    cmd->is_kind_named[CUSTOMER_EXTERNAL] = json_has(in, "external_ids");
    TRY(read_emails(ctx, in, cmd));
    TRY(read_phones(ctx, in, country, cmd));
    return read_external(ctx, in, cmd);
}

static err_t read_fields(struct ctx *ctx, struct json_in *in,
                         struct customer_patch *patch)
{
    struct customer_cmd *cmd = &patch->cmd;
    TRY(opt_line(in, "name", LIMIT_NAME_BYTES, &patch->name, &cmd->name));
    TRY(opt_line(in, "language", LIMIT_LANGUAGE_BYTES, &patch->language,
                 &cmd->language));
    TRY(opt_tags(ctx, in, patch));
    if (json_has(in, "attrs")) {
        TRY(json_opt_raw(in, "attrs", LIMIT_ATTRS_BYTES, &patch->attrs));
        cmd->attrs = &patch->attrs;
    }
    TRY(read_keys(ctx, in, cmd));
    return json_end(in);
}

err_t customer_read(struct ctx *ctx, struct json_in *in,
                    struct customer_patch *ret)
{
    *ret = (struct customer_patch){.cmd.version = 0};
    TRY(read_fields(ctx, in, ret));
    if (ret->name.len == 0 && ret->cmd.key_count == 0)
        return json_fail(in, NULL, ERR_INVALID, "nobody",
                         "needs a name, an e-mail, a phone or an external id");
    return OK;
}

err_t customer_read_change(struct ctx *ctx, struct json_in *in,
                           struct customer_patch *ret)
{
    *ret = (struct customer_patch){.cmd.version = 0};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->cmd.version));
    return read_fields(ctx, in, ret);
}

/* ---- addresses ---- */

static err_t read_parts(struct ctx *ctx, struct json_in *in, str *ret)
{
    static const struct {
        const char *key;
        size_t max;
    } parts[] = {
        {"name",        LIMIT_NAME_BYTES        },
        {"company",     LIMIT_NAME_BYTES        },
        {"line1",       LIMIT_ADDRESS_LINE_BYTES},
        {"line2",       LIMIT_ADDRESS_LINE_BYTES},
        {"city",        LIMIT_ADDRESS_LINE_BYTES},
        {"region",      LIMIT_ADDRESS_LINE_BYTES},
        {"postal_code", POSTAL_CODE_BYTES       },
        {"country",     LIMIT_CODE_BYTES        },
        {"phone",       LIMIT_PHONE_BYTES       },
        {"email",       LIMIT_EMAIL_BYTES       },
    };
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_BODY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        str part = STR_NONE;
        TRY(json_opt_str(in, parts[i].key, 0, parts[i].max, &part));
        if (str_equal_cstr(STR("country"), parts[i].key) && part.len > 0 &&
            !country_is_known(part))
            return json_fail(in, "country", ERR_INVALID, "country_unknown",
                             "must be two capitals by ISO 3166, as DE");
        if (part.len > 0)
            json_put_str(&out, parts[i].key, part);
    }
    json_end_object(&out);
    *ret = buf_str(&buf);
    return json_end(in);
}

static err_t check_default(struct json_in *in, const char *key, bool is_one,
                           bool *has_one)
{
    if (is_one && *has_one)
        return json_fail(in, key, ERR_INVALID, "repeated",
                         "only one address can be the default");
    *has_one |= is_one;
    return OK;
}

err_t customer_read_book(struct ctx *ctx, struct json_in *in,
                         struct customer_book *ret)
{
    struct json_list list;
    bool has_shipping = false, has_billing = false;
    *ret = (struct customer_book){0};
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    TRY(json_get_list(in, "addresses", 0, LIMIT_CUSTOMER_ADDRESSES, &list));
    ret->at = arena_array(ctx->arena, struct customer_address, list.count);
    ret->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item, *parts;
        struct customer_address *at = &ret->at[i];
        TRY(json_list_object(&list, i, &item));
        TRY(json_opt_bool(item, "is_default_shipping", &at->is_shipping));
        TRY(json_opt_bool(item, "is_default_billing", &at->is_billing));
        TRY(check_default(item, "is_default_shipping", at->is_shipping,
                          &has_shipping));
        TRY(check_default(item, "is_default_billing", at->is_billing,
                          &has_billing));
        TRY(json_get_object(item, "address", &parts));
        TRY(read_parts(ctx, parts, &at->doc));
        TRY(json_end(item));
    }
    return json_end(in);
}

/* ---- consents, notes, merging ---- */

err_t customer_read_consent(struct json_in *in, struct consent_cmd *ret)
{
    int channel, state;
    *ret = (struct consent_cmd){0};
    TRY(json_get_str(in, "purpose", 1, LIMIT_CODE_BYTES, &ret->purpose));
    TRY(json_get_enum(in, "channel", consent_channel_names,
                      COUNT_OF(consent_channel_names), &channel));
    TRY(json_get_enum(in, "state", consent_state_names,
                      COUNT_OF(consent_state_names), &state));
    TRY(json_get_str(in, "source", 1, LIMIT_TITLE_BYTES, &ret->source));
    TRY(json_opt_time(in, "given_at", &ret->given_at));
    ret->channel = (enum consent_channel)(channel + 1);
    ret->state = (enum consent_state)(state + 1);
    return json_end(in);
}

err_t customer_read_note(struct json_in *in, str *ret)
{
    TRY(json_get_str(in, "text", 1, LIMIT_NOTE_BYTES, ret));
    return json_end(in);
}

err_t customer_read_merge(struct json_in *in, struct merge_cmd *ret)
{
    *ret = (struct merge_cmd){.winner = ret->winner};
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    TRY(json_get_id(in, "from", "cus", &ret->loser.v));
    TRY(json_get_i64(in, "from_version", 1, INT64_MAX, &ret->loser_version));
    return json_end(in);
}
