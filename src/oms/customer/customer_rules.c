/* customer_rules.c - keys of customers, and what a customer must be. */
#include "oms/customer/customer_rules.h"

#include "base/check.h"
#include "base/contact.h"
#include "base/str.h"

static bool fits(str value, size_t max)
{
    return value.len > 0 && value.len <= max && text_is_line(value);
}

bool customer_email_key(struct arena *arena, str email,
                        struct customer_key *ret)
{
    str value = email_key(arena, email);
    if (!fits(value, LIMIT_EMAIL_BYTES))
        return false;
    *ret = (struct customer_key){
        .kind = CUSTOMER_EMAIL, .value = value, .shown = str_trim(email)};
    return true;
}

bool customer_phone_key(struct arena *arena, str phone, str country,
                        struct customer_key *ret)
{
    char key[PHONE_KEY_BYTES];
    size_t len;
    if (!fits(phone, LIMIT_PHONE_BYTES) ||
        !phone_key(phone, country, key, &len))
        return false;
    *ret = (struct customer_key){.kind = CUSTOMER_PHONE,
                                 .value = str_copy(arena, (str){key, len}),
                                 .shown = str_trim(phone)};
    return true;
}

bool customer_external_key(str source, str external_id,
                           struct customer_key *ret)
{
    if (!fits(source, LIMIT_SOURCE_BYTES) ||
        !fits(external_id, LIMIT_EXTERNAL_ID_BYTES))
        return false;
    *ret = (struct customer_key){.kind = CUSTOMER_EXTERNAL,
                                 .source = source,
                                 .value = external_id,
                                 .shown = external_id};
    return true;
}

size_t customer_seen_keys(struct arena *arena, const struct customer_seen *seen,
                          struct customer_key ret[CUSTOMER_SEEN_KEYS])
{
    size_t count = 0;
    if (customer_email_key(arena, seen->email, &ret[count]))
        count++;
    if (customer_external_key(seen->source, seen->external_id, &ret[count]))
        count++;
    if (customer_phone_key(arena, seen->phone, seen->country, &ret[count]))
        count++;
    return count;
}
