/* shipping_orphan.c - see shipping_orphan.h. */
#include "oms/shipping/shipping_orphan.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/shipping/shipping_orphan_sql.h"
#include "store/sql.h"

const char *const orphan_state_names[ORPHAN_KEPT + 1] = {
    NULL, "voiding", "voided", "refused", "in_use"};

/* ---- rows ---- */

static void read_orphan(const struct sql_rows *rows, size_t i,
                        struct orphan *ret)
{
    *ret = (struct orphan){
        .id = {sql_int(rows, i, 0)},
        .label = {sql_int(rows, i, 1)},
        .package = {sql_int(rows, i, 2)},
        .account = {sql_int(rows, i, 3)},
        .tracking = sql_str(rows, i, 4),
        .carrier_ref = sql_str(rows, i, 5),
        .has_cost = !sql_is_null(rows, i, 7),
        .state = (enum orphan_state)sql_int(rows, i, 8),
        .error = sql_str(rows, i, 9),
        .created_at = sql_int(rows, i, 10),
        .updated_at = sql_int(rows, i, 11),
    };
    ret->cost.minor = sql_int(rows, i, 7);
    (void)currency_from_str(sql_str(rows, i, 6), ret->cost.currency);
}

err_t orphan_get(struct ctx *ctx, orphan_label_id id, struct orphan *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_ORPHAN_ROW, args, COUNT_OF(args), "orphan label",
                &rows));
    read_orphan(&rows, 0, ret);
    return OK;
}

static err_t lock(struct ctx *ctx, int64_t id, struct orphan *ret,
                  bool *ret_found)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_bucket(id)), sql_i(id)};
    TRY(sql_list(ctx, SQL_ORPHAN_LOCK, args, COUNT_OF(args), &rows));
    *ret_found = rows.count > 0;
    if (*ret_found)
        read_orphan(&rows, 0, ret);
    return OK;
}

err_t orphan_page(struct ctx *ctx, int state, orphan_label_id after,
                  size_t limit, struct orphan **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg all[] = {sql_i(after.v), sql_i((int64_t)limit)};
    struct sql_arg some[] = {sql_i(after.v), sql_i(state),
                             sql_i((int64_t)limit)};
    if (state)
        TRY(sql_list(ctx, SQL_ORPHAN_PAGE_STATE, some, COUNT_OF(some), &rows));
    else
        TRY(sql_list(ctx, SQL_ORPHAN_PAGE, all, COUNT_OF(all), &rows));
    *ret = arena_array(ctx->arena, struct orphan, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_orphan(&rows, i, &(*ret)[i]);
    return OK;
}

static err_t add(struct ctx *ctx, const struct orphan *row)
{
    struct sql_arg args[] = {
        sql_i(row->id.v),
        sql_i(id_bucket(row->id.v)),
        sql_i(row->label.v),
        sql_i(row->package.v),
        sql_i(row->account.v),
        sql_s(row->tracking),
        sql_s(row->carrier_ref),
        row->has_cost ? sql_s(str_from_cstr(row->cost.currency)) : sql_null(),
        row->has_cost ? sql_i(row->cost.minor) : sql_null(),
        sql_i(row->state),
        sql_s(row->error),
        sql_i(ctx->now),
    };
    return sql_run(ctx, SQL_ORPHAN_ADD, args, COUNT_OF(args), NULL);
}

/* Saves, and tells it of its parcel. */
static err_t move(struct ctx *ctx, struct orphan *row, enum orphan_state to,
                  const char *type)
{
    struct package package;
    struct sql_arg args[] = {sql_i(to), sql_s(row->error), sql_i(ctx->now),
                             sql_i(id_bucket(row->id.v)), sql_i(row->id.v)};
    row->state = to;
    TRY(sql_run(ctx, SQL_ORPHAN_SAVE, args, COUNT_OF(args), NULL));
    TRY(package_get(ctx, row->package, &package));
    return package_tell(ctx, type, &package, row->tracking);
}

static err_t has_row(struct ctx *ctx, int stmt, const struct sql_arg *args,
                     size_t count, bool *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, args, count, &rows));
    *ret = rows.count > 0;
    return OK;
}

/* The parcel that bears it; 0: none. */
static err_t bearer_of(struct ctx *ctx, str tracking, package_id *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_s(tracking)};
    TRY(sql_list(ctx, SQL_ORPHAN_IN_USE, args, COUNT_OF(args), &rows));
    ret->v = rows.count > 0 ? sql_int(&rows, 0, 0) : 0;
    return OK;
}

static err_t is_in_use(struct ctx *ctx, str tracking, bool *ret)
{
    package_id bearer;
    TRY(bearer_of(ctx, tracking, &bearer));
    *ret = bearer.v != 0;
    return OK;
}

err_t orphan_check(struct ctx *ctx, str tracking)
{
    bool is_taken;
    struct sql_arg args[] = {sql_s(tracking)};
    TRY(has_row(ctx, SQL_ORPHAN_TAKEN, args, COUNT_OF(args), &is_taken));
    if (is_taken)
        return fail_as(ctx, ERR_STATE, "label_given_back", "tracking",
                       "that label was given back to its carrier");
    return OK;
}

err_t label_note_settled(struct ctx *ctx, label_id id)
{
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    return sql_run(ctx, SQL_LABEL_SETTLED, args, COUNT_OF(args), NULL);
}

/* ---- found ---- */

static bool can(const struct account *account, enum carrier_op op)
{
    return account->carrier->caps & 1U << op;
}

static err_t give_back(struct ctx *ctx, struct orphan *orphan,
                       const struct account *account)
{
    if (can(account, CARRIER_VOID)) {
        TRY(call_want(ctx, CARRIER_VOID, orphan->id.v, account->id));
        return move(ctx, orphan, ORPHAN_VOIDING, "package.label_orphaned");
    }
    orphan->error = STR("the carrier voids no labels");
    return move(ctx, orphan, ORPHAN_REFUSED, "package.label_orphan_refused");
}

static bool is_bought(const struct label *label)
{
    return label->state == LABEL_BOUGHT || label->state == LABEL_VOIDING ||
           label->state == LABEL_VOIDED;
}

/* Ours, on a parcel, or known; or a person's word stands against the
 * carrier's, who may have mistyped it. */
static err_t is_no_orphan(struct ctx *ctx, const struct label *label,
                          str tracking, bool *ret)
{
    struct sql_rows rows;
    struct package package;
    struct sql_arg known[] = {sql_i(label->id.v), sql_s(tracking)};
    struct sql_arg id[] = {sql_i(id_bucket(label->id.v)), sql_i(label->id.v)};
    *ret = true;
    if (label->state == LABEL_WANTED ||
        (is_bought(label) && str_equal(label->tracking, tracking)))
        return OK;
    TRY(is_in_use(ctx, tracking, ret));
    if (!*ret)
        TRY(has_row(ctx, SQL_ORPHAN_KNOWN, known, COUNT_OF(known), ret));
    if (*ret || !is_bought(label))
        return OK;
    TRY(sql_one(ctx, SQL_LABEL_IS_SETTLED, id, COUNT_OF(id), "label", &rows));
    *ret = sql_int(&rows, 0, 0) != 0;
    if (!*ret)
        return OK;
    TRY(package_get(ctx, label->package, &package));
    return package_tell(ctx, "package.label_duplicate", &package, tracking);
}

err_t orphan_see(struct ctx *ctx, const struct call *call,
                 const struct carrier_outcome *outcome)
{
    struct label label;
    struct account account;
    bool is_none;
    if (outcome->tracking.len == 0 || outcome->tracking.len > LIMIT_CODE_BYTES)
        return OK;
    TRY(label_get(ctx, (label_id){call->subject}, &label));
    TRY(is_no_orphan(ctx, &label, outcome->tracking, &is_none));
    if (is_none)
        return OK;
    TRY(account_get(ctx, call->account, &account));
    struct orphan orphan = {
        .id = {id_next(ctx->ids, ctx->now, id_bucket(label.id.v))},
        .label = label.id,
        .package = label.package,
        .account = account.id,
        .tracking = outcome->tracking,
        .carrier_ref = outcome->carrier_ref.len > LIMIT_CODE_BYTES
                           ? STR("")
                           : outcome->carrier_ref,
        .has_cost = outcome->has_cost,
        .cost = outcome->cost,
        .state = ORPHAN_VOIDING,
        .error = STR(""),
    };
    TRY(add(ctx, &orphan));
    return give_back(ctx, &orphan, &account);
}

/* ---- looked for ---- */

err_t sweep_begin(struct ctx *ctx, const struct call *call, utc_ms at)
{
    struct account account;
    TRY(account_get(ctx, call->account, &account));
    if (!can(&account, CARRIER_LOOKUP) ||
        account.carrier->caps & CARRIER_IS_LOCAL)
        return OK;
    return call_want_at(ctx, CARRIER_LOOKUP, call->subject, account.id, at);
}

bool sweep_is_over(struct ctx *ctx, const struct call *call)
{
    return ctx->now - call->created_at > SWEEP_DAYS * DAY_MS;
}

err_t sweep_outcome(struct ctx *ctx, struct call *call,
                    const struct carrier_outcome *outcome)
{
    utc_ms again_at = call->created_at + DAY_MS;
    if (outcome->result == CARRIER_DONE)
        TRY(orphan_see(ctx, call, outcome));
    if (call->state == CALL_WANTED)
        return call_rest(ctx, call);
    if (call->state != CALL_ASKED) /* An answer that came late. */
        return OK;
    if (ctx->now >= again_at)
        return call_move(ctx, call, CALL_EVENT_DONE);
    call->tries = 0;
    call->next_at = again_at;
    return call_move(ctx, call, CALL_EVENT_LATER);
}

/* ---- given back ---- */

err_t orphan_of(struct ctx *ctx, const struct call *call, struct orphan *ret,
                bool *ret_found)
{
    *ret_found = false;
    return call->op == CARRIER_VOID ? lock(ctx, call->subject, ret, ret_found)
                                    : OK;
}

err_t orphan_is_over(struct ctx *ctx, struct orphan *orphan, bool *ret)
{
    *ret = orphan->state != ORPHAN_VOIDING;
    if (*ret)
        return OK;
    TRY(is_in_use(ctx, orphan->tracking, ret));
    return *ret ? move(ctx, orphan, ORPHAN_KEPT, "package.label_orphan_in_use")
                : OK;
}

/* A parcel bears it, and is told of once. */
static err_t voided_in_use(struct ctx *ctx, struct orphan *orphan,
                           package_id bearer)
{
    struct package package;
    if (orphan->state == ORPHAN_KEPT && orphan->error.len > 0)
        return OK;
    orphan->error = STR("its carrier voided it");
    TRY(move(ctx, orphan, ORPHAN_KEPT, "package.label_orphan_in_use"));
    TRY(package_get(ctx, bearer, &package));
    return package_tell(ctx, "package.label_voided_late", &package,
                        orphan->tracking);
}

err_t orphan_outcome(struct ctx *ctx, struct orphan *orphan,
                     const struct carrier_outcome *outcome)
{
    package_id bearer;
    bool is_void = outcome->result == CARRIER_DONE;
    if (orphan->state == ORPHAN_VOIDED ||
        (!is_void && orphan->state != ORPHAN_VOIDING))
        return OK;
    if (is_void) {
        TRY(bearer_of(ctx, orphan->tracking, &bearer));
        if (bearer.v)
            return voided_in_use(ctx, orphan, bearer);
    }
    orphan->error = is_void ? STR("") : outcome->text;
    return move(ctx, orphan, is_void ? ORPHAN_VOIDED : ORPHAN_REFUSED,
                is_void ? "package.label_orphan_voided"
                        : "package.label_orphan_refused");
}

err_t orphan_again(struct ctx *ctx, orphan_label_id id)
{
    struct orphan orphan;
    struct account account;
    bool is_found, is_used;
    TRY(lock(ctx, id.v, &orphan, &is_found));
    if (!is_found)
        return fail(ctx, ERR_NOT_FOUND, "id", "no such orphan label");
    if (orphan.state != ORPHAN_REFUSED)
        return fail_as(ctx, ERR_STATE, "orphan_not_refused", "",
                       "it is %s; only what its carrier keeps is asked again",
                       orphan_state_names[orphan.state]);
    TRY(is_in_use(ctx, orphan.tracking, &is_used));
    if (is_used)
        return fail_as(ctx, ERR_STATE, "label_in_use", "",
                       "a package bears that label");
    TRY(account_get(ctx, orphan.account, &account));
    orphan.error = STR("");
    return give_back(ctx, &orphan, &account);
}
