/* user_rules.c - the builtin roles and small checks. Pure. */
#include "oms/user/user_rules.h"

#include "base/check.h"
#include "base/perm.h"
#include "base/str.h"

enum {
    SHOP_READ = PERM_ORDERS_READ | PERM_CATALOG_READ | PERM_INVENTORY_READ |
                PERM_CHANNELS_READ | PERM_EVENTS_READ | PERM_FULFILLMENT_READ |
                PERM_SHIPPING_READ | PERM_TASKS_READ,
    SHOP_WRITE = PERM_ORDERS_WRITE | PERM_CATALOG_WRITE | PERM_INVENTORY_WRITE |
                 PERM_CHANNELS_WRITE | PERM_FULFILLMENT_WRITE |
                 PERM_SHIPPING_WRITE | PERM_TASKS_WRITE
};

#define BUILTIN(the_code, the_title, the_perms)                                \
    {                                                                          \
        .code = STR_INIT(the_code), .title = STR_INIT(the_title),              \
        .perms = (unsigned)(the_perms), .is_builtin = true, .version = 1       \
    }

const struct role builtin_roles[] = {
    BUILTIN("admin", "Administrator", PERM_ALL),
    BUILTIN("manager", "Manager",
            SHOP_READ | SHOP_WRITE | PERM_CUSTOMERS_READ |
                PERM_CUSTOMERS_WRITE | PERM_FINANCE_READ | PERM_FINANCE_WRITE |
                PERM_WEBHOOKS_READ | PERM_WEBHOOKS_WRITE | PERM_KEYS_READ |
                PERM_USERS_READ | PERM_SYSTEM_READ | PERM_REPORTS_READ),
    BUILTIN("support", "Support",
            SHOP_READ | PERM_ORDERS_WRITE | PERM_CUSTOMERS_READ |
                PERM_CUSTOMERS_WRITE | PERM_FINANCE_READ | PERM_TASKS_WRITE),
    BUILTIN("viewer", "Viewer",
            SHOP_READ | PERM_CUSTOMERS_READ | PERM_FINANCE_READ |
                PERM_REPORTS_READ),
    BUILTIN("warehouse", "Warehouse",
            PERM_ORDERS_READ | PERM_CATALOG_READ | PERM_EVENTS_READ |
                PERM_INVENTORY_READ | PERM_INVENTORY_WRITE |
                PERM_FULFILLMENT_READ | PERM_FULFILLMENT_WRITE |
                PERM_SHIPPING_READ | PERM_SHIPPING_WRITE | PERM_TASKS_READ |
                PERM_TASKS_WRITE),
};
const size_t builtin_role_count = COUNT_OF(builtin_roles);

const struct role *builtin_role(str code)
{
    for (size_t i = 0; i < builtin_role_count; i++)
        if (str_equal(code, builtin_roles[i].code))
            return &builtin_roles[i];
    return NULL;
}

err_t check_email(struct ctx *ctx, const char *field, str email)
{
    size_t at = 0, count = 0;
    TRY(check_line(ctx, field, email, 3, LIMIT_EMAIL_BYTES));
    for (size_t i = 0; i < email.len; i++) {
        if (email.ptr[i] == ' ')
            count = 2;
        if (email.ptr[i] == '@') {
            at = i;
            count++;
        }
    }
    if (count != 1 || at == 0 || at == email.len - 1)
        return fail_as(ctx, ERR_INVALID, "email_invalid", field,
                       "must be an e-mail address, as ann@shop.example");
    return OK;
}

err_t check_role_code(struct ctx *ctx, str code)
{
    bool is_fine = code.len > 0 && code.len <= LIMIT_CODE_BYTES;
    for (size_t i = 0; is_fine && i < code.len; i++) {
        char c = code.ptr[i];
        is_fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }
    if (!is_fine)
        return fail_as(ctx, ERR_INVALID, "code_invalid", "code",
                       "must be 1 to %d lower-case letters, digits and '-'",
                       LIMIT_CODE_BYTES);
    return OK;
}

err_t check_held(struct ctx *ctx, const char *field, unsigned held,
                 unsigned perms)
{
    for (unsigned bit = 1; bit <= PERM_ALL; bit <<= 1)
        if (perms & ~held & bit)
            return fail_as(ctx, ERR_DENIED, "scope_not_held", field,
                           "the caller lacks %s, so it cannot give it or "
                           "change who has it",
                           perm_name((enum perm)bit));
    return OK;
}
