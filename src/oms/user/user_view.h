/* user_view.h - views of lists that people keep: a name, and the filters as
 * they stand in the address of the page.
 *
 * A view is of whoever made it, a person or a key, and for that one alone
 * unless it is shared with the whole shop. Who may not read a list has no
 * views of it; sharing one asks for the scope that changes what the list
 * holds. Only its owner changes it; one that is shared may also be taken away
 * by who keeps the people of the shop.
 */
#ifndef WHARF_OMS_USER_VIEW_H
#define WHARF_OMS_USER_VIEW_H

#include "base/base.h"
#include "oms/ids.h"

struct room;
struct json_in;

enum {
    VIEWS_OWN_MAX = 100,   /* Of one person, over all lists. */
    VIEWS_SHARED_MAX = 100 /* Of one list. */
};

/* Stored as numbers: append only. */
enum view_list {
    VIEW_ORDERS = 1,
    VIEW_FULFILLMENT,
    VIEW_INVENTORY,
    VIEW_RETURNS,
    VIEW_CUSTOMERS,
    VIEW_DRAFTS,
    VIEW_TASKS
};
extern const char *const view_list_names[]; /* [0] is VIEW_ORDERS. */
extern const size_t view_list_count;

struct saved_view {
    view_id id;
    enum view_list list;
    struct actor owner;
    str name;
    str query; /* "status=confirmed&channel=web"; empty: all. */
    bool is_shared;
    int64_t version;
    utc_ms created_at, updated_at;
};

/* `held` is what the caller may do. */
struct view_cmd {
    unsigned held;
    enum view_list list;
    str name;  /* Once for each list of its owner. */
    str query; /* At most LIMIT_URL_BYTES. */
    bool is_shared;
};
MUST_USE err_t view_create(struct ctx *ctx, const struct view_cmd *cmd,
                           struct saved_view *ret);
struct view_change {
    unsigned held;
    int64_t version;
    const str *name; /* NULL: as it is; so for all of them. */
    const str *query;
    const bool *is_shared;
};
/* ERR_NOT_FOUND where another has it for himself, ERR_DENIED where it is
 * another's and shared. */
MUST_USE err_t view_alter(struct ctx *ctx, view_id id,
                          const struct view_change *change,
                          struct saved_view *ret);
/* Also shared ones of others with PERM_USERS_WRITE. */
MUST_USE err_t view_remove(struct ctx *ctx, view_id id, unsigned held,
                           struct saved_view *ret);
/* The caller's own and what is shared, as they were made. */
MUST_USE err_t view_all(struct ctx *ctx, enum view_list list, unsigned held,
                        struct saved_view **ret, size_t *ret_count);
/* Bodies; user_view_api.c. The patch holds what the change points to. */
struct view_patch {
    struct view_change change;
    str name, query;
    bool is_shared;
};
MUST_USE err_t view_read(struct json_in *in, struct view_cmd *ret);
MUST_USE err_t view_read_change(struct json_in *in, struct view_patch *ret);

extern const struct room view_room;

#endif
