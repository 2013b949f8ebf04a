/* subject.c - see subject.h. */
#include "oms/subject.h"

#include "base/id.h"
#include "base/str.h"

const struct subject subject_kinds[] = {
    {"order",             "ord"},
    {"payment",           "pay"},
    {"refund",            "rfd"},
    {"order_change",      "chg"},
    {"exchange",          "exc"},
    {"order_hold",        "ohd"},
    {"draft",             "drf"},
    {"blanket",           "blk"},
    {"company",           "cmp"},
    {"gift_card",         "gft"},
    {"store_credit",      "scr"},
    {"sku",               "sku"},
    {"product",           "prd"},
    {"channel",           "chn"},
    {"tax_rate",          "txr"},
    {"fx_rate",           "fxr"},
    {"fx_wait",           "fxw"},
    {"invoice",           "inv"},
    {"invoice_series",    "ser"},
    {"location",          "loc"},
    {"key",               "key"},
    {"user",              "usr"},
    {"customer",          "cus"},
    {"hold",              "hld"},
    {"transfer",          "trf"},
    {"supply",            "sup"},
    {"lot",               "lot"},
    {"webhook",           "whk"},
    {"credit_note",       "crn"},
    {"receipt",           "rcp"},
    {"tenant",            "ten"},
    {"drop",              "drp"},
    {"count",             "cnt"},
    {"fulfillment_order", "fo" },
    {"pick_task",         "pkt"},
    {"pickup",            "pup"},
    {"production",        "ord"}, /* The order that has the line. */
    {"return",            "ret"},
    {"task",              "tsk"},
    {"package",           "pkg"},
    {"box",               "box"},
    {"carrier_account",   "car"},
    {"gateway_account",   "gwa"},
    {"manifest",          "mfs"},
    {"carrier_pickup",    "cpu"},
    {"label_job",         "lbj"},
    {"order_job",         "ojb"},
    {"supplier",          "spl"},
    {"purchase_order",    "po" },
};
const size_t subject_count = COUNT_OF(subject_kinds);

const char *subject_prefix(str kind)
{
    for (size_t i = 0; i < subject_count; i++)
        if (str_equal_cstr(kind, subject_kinds[i].kind))
            return subject_kinds[i].prefix;
    return NULL;
}

bool subject_from_text(str text, const char **ret_kind, int64_t *ret_id)
{
    for (size_t i = 0; i < subject_count; i++) {
        if (id_from_text(subject_kinds[i].prefix, text, ret_id)) {
            *ret_kind = subject_kinds[i].kind;
            return true;
        }
    }
    return false;
}
