/* change_release.c - a release that is due becomes an order. */
#include "oms/change/change_release.h"

#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/change/change_blanket.h"
#include "oms/change/change_blanket_store.h"
#include "oms/change/change_draft.h"

enum { AGAIN_MS = 60 * 60 * 1000 };

struct placing {
    struct blanket blanket;
    struct release release;
};

/* Its blanket locked; false where it is not due, which another saw before. */
static err_t find(struct ctx *ctx, const struct release_key *key,
                  struct placing *ret, bool *ret_is_due)
{
    err_t err;
    *ret_is_due = false;
    TRY(blanket_lock(ctx, key->blanket, &ret->blanket));
    err = release_get(ctx, key, &ret->release);
    if (err == ERR_NOT_FOUND) { /* The plan was written anew. */
        err_clear(ctx);
        return OK;
    }
    *ret_is_due = ret->release.try_at && ret->release.try_at <= ctx->now;
    return err;
}

static void put_release(struct json_out *out, const void *arg)
{
    const struct release *release = arg;
    json_put_i64(out, "n", release->n);
    json_put_time(out, "ship_at", release->ship_at);
    json_put_id_or_null(out, "order", "ord", release->order.v);
    if (release->code.len > 0)
        json_put_str(out, "code", release->code);
}

/* The yes to a blanket order is one to each of its releases. */
static err_t approve(struct ctx *ctx, struct draft *draft)
{
    struct company company = {.approval_over = COMPANY_NONE};
    if (draft->company.v)
        TRY(company_get(ctx, draft->company, &company));
    if (company.approval_over == COMPANY_NONE)
        return OK;
    struct draft_step step = {.id = draft->id, .version = draft->version};
    TRY(draft_move(ctx, &step, DRAFT_EVENT_REQUEST, draft));
    step.version = draft->version;
    return draft_move(ctx, &step, DRAFT_EVENT_APPROVE, draft);
}

static err_t place(struct ctx *ctx, struct placing *at)
{
    struct draft_cmd cmd = {.company = at->blanket.company,
                            .po_number = at->blanket.po_number,
                            .terms_days = at->blanket.terms_days,
                            .fulfil_at = at->release.ship_at};
    struct json_in *doc;
    struct json_list lines;
    struct draft draft;
    struct order order;
    TRY(json_parse(ctx, at->blanket.body, &cmd.order));
    TRY(json_get_list(cmd.order, "lines", 1, LIMIT_ORDER_LINES, &lines));
    if (at->release.doc.len > 0) {
        TRY(json_parse(ctx, at->release.doc, &doc));
        TRY(release_lines_from_json(ctx, doc, lines.count, &cmd));
    }
    TRY(draft_write_down(ctx, &cmd, &draft));
    TRY(approve(ctx, &draft));
    struct draft_step step = {.id = draft.id, .version = draft.version};
    TRY(draft_convert(ctx, &step, &draft, &order));
    at->release.draft = draft.id;
    at->release.order = order.id;
    return OK;
}

err_t blanket_release(struct ctx *ctx, const struct release_key *key)
{
    struct placing at;
    bool is_due;
    struct blanket_word word = {"blanket.placed", put_release, &at.release};
    ASSERT(ctx->tx && ctx->ids);
    TRY(find(ctx, key, &at, &is_due));
    if (!is_due)
        return OK;
    TRY(place(ctx, &at));
    at.release.state = RELEASE_PLACED;
    at.release.try_at = 0;
    at.release.code = at.release.field = at.release.detail = STR_NONE;
    TRY(release_save(ctx, key->blanket, &at.release));
    return blanket_note(ctx, &at.blanket, &word);
}

err_t blanket_refuse(struct ctx *ctx, const struct release_key *key,
                     const struct err_detail *why)
{
    struct placing at;
    bool is_due;
    struct blanket_word word = {"blanket.refused", put_release, &at.release};
    TRY(find(ctx, key, &at, &is_due));
    if (!is_due)
        return OK;
    bool is_known = str_equal_cstr(at.release.code, err_name(why));
    at.release.try_at = ctx->now + AGAIN_MS;
    at.release.code = str_from_cstr(err_name(why));
    at.release.field = str_from_cstr(why->field);
    at.release.detail = str_from_cstr(why->text);
    TRY(release_save(ctx, key->blanket, &at.release));
    return is_known ? OK : blanket_note(ctx, &at.blanket, &word);
}
