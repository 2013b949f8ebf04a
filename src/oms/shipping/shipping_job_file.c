/* shipping_job_file.c - labels of a job in one file, whoever drew them. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/doc_join.h"
#include "base/doc_label.h"
#include "base/doc_pdf.h"
#include "base/str.h"
#include "oms/shipping/shipping_doc.h"
#include "oms/shipping/shipping_job.h"

/* The first file is ours, with a page for each label that no carrier drew. */
struct sheaf {
    struct doc_labels *labels;
    struct buf ours;
    str *files;
    size_t file_count;
    struct doc_join_part *parts;
    size_t part_count;
    int page_count;
    bool is_careful; /* Each file of a carrier is looked into. */
};

static err_t add(struct ctx *ctx, struct sheaf *sheaf,
                 const struct package *package)
{
    str file;
    struct doc_label facts;
    struct doc_join_part *part = &sheaf->parts[sheaf->part_count];
    TRY(package_label_drawn(ctx, package, false, &file));
    if (file.len && sheaf->is_careful) {
        err_t err = doc_join_check(ctx, file);
        if (err == ERR_INVALID) {
            err_clear(ctx);
            file = STR("");
        } else {
            TRY(err);
        }
    }
    if (file.len) {
        *part = (struct doc_join_part){.file = sheaf->file_count};
        sheaf->files[sheaf->file_count++] = file;
    } else {
        TRY(package_label_facts(ctx, package, &facts));
        TRY(doc_labels_add(sheaf->labels, &facts));
        *part = (struct doc_join_part){.file = 0, .page = ++sheaf->page_count};
    }
    sheaf->part_count++;
    return OK;
}

static err_t add_all(struct ctx *ctx, struct sheaf *sheaf,
                     const struct job_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct package package;
        TRY(package_get(ctx, items[i].package, &package));
        if (package.tracking.len) /* Else it is void since. */
            TRY(add(ctx, sheaf, &package));
    }
    return OK;
}

static err_t missing(struct ctx *ctx)
{
    return fail_as(ctx, ERR_NOT_FOUND, "label_missing", "",
                   "no label of the job stands there");
}

/* With only files of carriers there is none of ours, and the indexes begin
 * one later. */
static err_t bind(struct ctx *ctx, struct sheaf *sheaf, str *ret)
{
    bool has_ours = sheaf->page_count > 0;
    if (has_ours) {
        struct doc_labels *labels = sheaf->labels;
        sheaf->labels = NULL;
        TRY(doc_labels_finish(ctx, labels));
        sheaf->files[0] = buf_str(&sheaf->ours);
    }
    if (sheaf->part_count == 0)
        return missing(ctx);
    if (has_ours && sheaf->file_count == 1) {
        *ret = sheaf->files[0];
        return OK;
    }
    for (size_t i = 0; !has_ours && i < sheaf->part_count; i++)
        sheaf->parts[i].file--;
    return doc_join(ctx, has_ours ? sheaf->files : sheaf->files + 1,
                    sheaf->file_count - !has_ours, sheaf->parts,
                    sheaf->part_count, ret);
}

static err_t try_pdf(struct ctx *ctx, const struct job_item *items,
                     size_t count, bool is_careful, str *ret)
{
    struct sheaf sheaf = {
        .files = arena_array(ctx->arena, str, count + 1),
        .file_count = 1,
        .parts = arena_array(ctx->arena, struct doc_join_part, count + 1),
        .is_careful = is_careful,
    };
    buf_init(&sheaf.ours, ctx->arena, LIMIT_REPLY_BYTES);
    TRY(doc_labels_open(ctx, DOC_PDF, doc_sink_to_buf(&sheaf.ours),
                        &sheaf.labels));
    err_t err = add_all(ctx, &sheaf, items, count);
    if (err == OK)
        err = bind(ctx, &sheaf, ret);
    doc_labels_close(sheaf.labels);
    return err;
}

err_t job_pdf(struct ctx *ctx, const struct job_item *items, size_t count,
              str *ret)
{
    err_t err = try_pdf(ctx, items, count, false, ret);
    if (err != ERR_INVALID ||
        strcmp(err_name(&ctx->err), "pdf_unreadable") != 0)
        return err;
    /* One that was kept unread: then all are looked into. */
    err_clear(ctx);
    return try_pdf(ctx, items, count, true, ret);
}

err_t job_zpl(struct ctx *ctx, const struct job_item *items, size_t count,
              struct buf *out)
{
    size_t written = 0;
    for (size_t i = 0; i < count; i++) {
        struct package package;
        str label;
        TRY(package_get(ctx, items[i].package, &package));
        if (package.tracking.len == 0)
            continue;
        TRY(package_label_zpl(ctx, &package, &label));
        buf_add_str(out, label);
        written++;
    }
    if (out->is_full)
        return fail(ctx, ERR_TOO_LARGE, "", "the document is too large");
    return written ? OK : missing(ctx);
}
