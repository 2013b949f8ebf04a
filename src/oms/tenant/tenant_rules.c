/* tenant_rules.c - what a tenant must be. */
#include "oms/tenant/tenant_rules.h"

#include <stdio.h>

#include "base/check.h"
#include "base/str.h"

enum { HOST_BYTES = 253, LABEL_BYTES = 63 };

const char *const tenant_state_names[2] = {"active", "suspended"};

static bool is_label_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* A label of RFC 1123, in lower case. */
static bool is_label(str text, size_t max)
{
    if (text.len == 0 || text.len > max || text.ptr[0] == '-' ||
        text.ptr[text.len - 1] == '-')
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!is_label_char(text.ptr[i]))
            return false;
    return true;
}

static bool is_host(str text)
{
    str rest = text;
    if (text.len == 0 || text.len > HOST_BYTES || text.ptr[text.len - 1] == '.')
        return false;
    while (rest.len > 0)
        if (!is_label(str_split(rest, '.', &rest), LABEL_BYTES))
            return false;
    return true;
}

static err_t check_hosts(struct ctx *ctx, const struct tenant_row *row)
{
    for (size_t i = 0; i < row->host_count; i++) {
        char field[32];
        (void)snprintf(field, sizeof field, "hosts[%zu]", i);
        if (!is_host(row->hosts[i]))
            return fail_as(ctx, ERR_INVALID, "host_invalid", field,
                           "must be a host name in lower case without a port, "
                           "as shop.example.com");
        for (size_t j = 0; j < i; j++)
            if (str_equal(row->hosts[i], row->hosts[j]))
                return fail_as(ctx, ERR_INVALID, "host_repeated", field,
                               "is named twice");
    }
    return OK;
}

err_t tenant_check(struct ctx *ctx, const struct tenant_row *row)
{
    if (!is_label(row->code, TENANT_CODE_BYTES))
        return fail_as(ctx, ERR_INVALID, "code_invalid", "code",
                       "must be 1 to %d lower-case letters, digits and "
                       "hyphens within",
                       TENANT_CODE_BYTES);
    TRY(check_line(ctx, "name", row->name, 1, LIMIT_NAME_BYTES));
    if (row->host_count > TENANT_HOSTS)
        return fail_as(ctx, ERR_INVALID, "too_many", "hosts",
                       "at most %d hosts", TENANT_HOSTS);
    return check_hosts(ctx, row);
}
