/* shipping_doc.h - facts of parcels for the drawings of base/doc. Private. */
#ifndef WHARF_OMS_SHIPPING_DOC_H
#define WHARF_OMS_SHIPPING_DOC_H

#include "oms/shipping/shipping_handover.h"

struct buf;
struct doc_label;
struct job_item;

/* The label as it is drawn: by the carrier where it gave one, else by us.
 * ERR_NOT_FOUND (label_missing) where the parcel has none. In ctx->arena. */
MUST_USE err_t package_label_zpl(struct ctx *ctx, const struct package *package,
                                 str *ret);
MUST_USE err_t package_label_pdf(struct ctx *ctx, const struct package *package,
                                 str *ret);
/* What its carrier drew; empty where that is for us. */
MUST_USE err_t package_label_drawn(struct ctx *ctx,
                                   const struct package *package, bool is_zpl,
                                   str *ret);
/* The facts of our own drawing. */
MUST_USE err_t package_label_facts(struct ctx *ctx,
                                   const struct package *package,
                                   struct doc_label *ret);
MUST_USE err_t package_slip_pdf(struct ctx *ctx, const struct package *package,
                                bool with_prices, str *ret);
/* How to send it back, with the label; of a parcel that comes back.
 * ERR_STATE (not_a_return, drawn_by_carrier). */
MUST_USE err_t package_return_pdf(struct ctx *ctx,
                                  const struct package *package, str *ret);
enum customs_form { CUSTOMS_INVOICE = 1, CUSTOMS_CN22, CUSTOMS_CN23 };
MUST_USE err_t package_customs_pdf(struct ctx *ctx,
                                   const struct package *package,
                                   enum customs_form form, str *ret);
/* Labels of a job's items in one file, whoever drew them; of a carrier's file
 * that cannot be read, ours. ERR_NOT_FOUND (label_missing), ERR_TOO_LARGE. */
MUST_USE err_t job_pdf(struct ctx *ctx, const struct job_item *items,
                       size_t count, str *ret);
MUST_USE err_t job_zpl(struct ctx *ctx, const struct job_item *items,
                       size_t count, struct buf *out);
MUST_USE err_t manifest_pdf(struct ctx *ctx, const struct handover *manifest,
                            str *ret);

#endif
