/* shipping_doc_api.c - files: labels, slips, customs forms, manifests. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/shipping/shipping_doc.h"
#include "oms/shipping/shipping_handlers.h"
#include "oms/shipping/shipping_job_store.h"

enum { JOB_FILE_LABELS = 500 };
static const char *const formats[] = {"pdf", "zpl"};

static void send_file(struct request *req, bool is_zpl, str bytes)
{
    req->content_type = is_zpl ? "application/zpl" : "application/pdf";
    buf_add_str(req->reply->buf, bytes);
}

static err_t read_package(struct ctx *ctx, struct request *req,
                          struct package *ret)
{
    package_id id;
    TRY(request_path_id(req, 0, "pkg", &id.v));
    return package_get(ctx, id, ret);
}

/* GET /v1/packages/{id}/label */
err_t api_get_label_file(struct ctx *ctx, struct request *req)
{
    struct package package;
    int format = 0;
    str bytes;
    TRY(request_query_enum(req, "format", formats, COUNT_OF(formats), &format));
    TRY(request_query_end(req));
    TRY(read_package(ctx, req, &package));
    if (package.tracking.len == 0)
        return fail_as(ctx, ERR_NOT_FOUND, "label_missing", "",
                       "the package has no label");
    if (format == 1)
        TRY(package_label_zpl(ctx, &package, &bytes));
    else
        TRY(package_label_pdf(ctx, &package, &bytes));
    send_file(req, format == 1, bytes);
    return OK;
}

/* GET /v1/packages/{id}/slip */
err_t api_get_slip_file(struct ctx *ctx, struct request *req)
{
    static const char *const answers[] = {"false", "true"};
    struct package package;
    int with_prices = 0;
    str bytes;
    TRY(request_query_enum(req, "prices", answers, COUNT_OF(answers),
                           &with_prices));
    TRY(request_query_end(req));
    TRY(read_package(ctx, req, &package));
    TRY(package_slip_pdf(ctx, &package, with_prices == 1, &bytes));
    send_file(req, false, bytes);
    return OK;
}

/* GET /v1/packages/{id}/customs */
err_t api_get_customs_file(struct ctx *ctx, struct request *req)
{
    static const char *const forms[] = {"invoice", "cn22", "cn23"};
    struct package package;
    int form = 0;
    str bytes;
    TRY(request_query_enum(req, "form", forms, COUNT_OF(forms), &form));
    TRY(request_query_end(req));
    TRY(read_package(ctx, req, &package));
    TRY(package_customs_pdf(ctx, &package, (enum customs_form)(form + 1),
                            &bytes));
    send_file(req, false, bytes);
    return OK;
}

/* GET /v1/manifests/{id}/file */
err_t api_get_manifest_file(struct ctx *ctx, struct request *req)
{
    struct handover manifest;
    manifest_id id;
    str bytes;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "mfs", &id.v));
    TRY(manifest_get(ctx, id, &manifest));
    TRY(manifest_pdf(ctx, &manifest, &bytes));
    send_file(req, false, bytes);
    return OK;
}

/* ---- all labels of a job in one file ---- */

/* GET /v1/label-jobs/{id}/labels */
err_t api_get_job_file(struct ctx *ctx, struct request *req)
{
    struct job_item *items;
    struct job job;
    label_job_id id;
    int64_t after = 0, limit = JOB_FILE_LABELS;
    int format = 0;
    size_t count;
    str bytes = STR("");
    TRY(request_path_id(req, 0, "lbj", &id.v));
    TRY(request_query_enum(req, "format", formats, COUNT_OF(formats), &format));
    TRY(request_query_i64(req, "after", 0, INT64_MAX, &after));
    TRY(request_query_i64(req, "limit", 1, JOB_FILE_LABELS, &limit));
    TRY(request_query_end(req));
    TRY(job_get(ctx, id, &job));
    TRY(job_bought_page(ctx, id, after, (size_t)limit, &items, &count));
    if (format == 1)
        TRY(job_zpl(ctx, items, count, req->reply->buf));
    else
        TRY(job_pdf(ctx, items, count, &bytes));
    send_file(req, format == 1, bytes);
    if (req->reply->buf->is_full)
        return fail(ctx, ERR_TOO_LARGE, "",
                    "the document is too large; take fewer with limit");
    return OK;
}
