/* analytics_rules.c - the table of reports, and what a column is of its sums.
 */
#include "base/money.h"
#include "base/str.h"
#include "oms/analytics/analytics_store.h"

__extension__ typedef __int128 wide;

#define COUNTED(name, fact, field, what)                                       \
    {                                                                          \
        name, COLUMN_COUNT, fact, field, FACT_NONE, FIELD_NONE, what           \
    }
#define MONEY(name, fact, what)                                                \
    {                                                                          \
        name, COLUMN_MONEY, fact, FIELD_AMOUNT, FACT_NONE, FIELD_NONE, what    \
    }
#define MEAN_MONEY(name, fact, what)                                           \
    {                                                                          \
        name, COLUMN_MONEY, fact, FIELD_AMOUNT, fact, FIELD_N, what            \
    }
#define MEAN_TIME(name, fact, what)                                            \
    {                                                                          \
        name, COLUMN_SECONDS, fact, FIELD_AMOUNT, fact, FIELD_N, what          \
    }
#define SHARE(name, fact, top, under_fact, under, what)                        \
    {                                                                          \
        name, COLUMN_SHARE, fact, top, under_fact, under, what                 \
    }

/* Of orders placed, in all that is grouped as they are. */
#define SALES_COLUMNS                                                          \
    COUNTED("orders", FACT_ORDER, FIELD_N, "Orders placed."),                  \
        COUNTED("units", FACT_ORDER, FIELD_UNITS, "Units ordered."),           \
        MONEY("sales", FACT_ORDER, "Their totals, with tax and shipping."),    \
        MEAN_MONEY("average_order", FACT_ORDER, "Sales by orders."),           \
        MONEY("discounts", FACT_DISCOUNT, "Taken off before."),                \
        MONEY("shipping", FACT_SHIPPING, "Charged for shipping."),             \
        MONEY("tax", FACT_TAX, "Tax in the totals or on top.")

#define DELIVERY_COLUMNS                                                       \
    COUNTED("deliveries", FACT_DELIVERY, FIELD_N,                              \
            "Parcels delivered that had a promise."),                          \
        COUNTED("late", FACT_DELIVERY, FIELD_UNITS,                            \
                "Those delivered after it."),                                  \
        SHARE("late_share", FACT_DELIVERY, FIELD_UNITS, FACT_DELIVERY,         \
              FIELD_N, "Late by deliveries."),                                 \
    {                                                                          \
        "late_by", COLUMN_SECONDS, FACT_DELIVERY, FIELD_AMOUNT, FACT_DELIVERY, \
            FIELD_UNITS, "How late the late ones were, on average."            \
    }

#define PARCEL_COLUMNS                                                         \
    COUNTED("parcels", FACT_PARCEL, FIELD_N, "Parcels shipped."),              \
        COUNTED("grams", FACT_PARCEL, FIELD_UNITS, "Their weight."),           \
        MONEY("cost", FACT_PARCEL, "What their labels cost."),                 \
        MEAN_MONEY("average_cost", FACT_PARCEL, "Cost by parcels.")

/* clang-format off */
const struct report reports[] = {
    {"sales_over_time", "Sales over time",
     "Orders by the time they were placed; what was cancelled and given back "
     "by the time of that.",
     BY_TIME, "time",
     {SALES_COLUMNS,
      MONEY("cancelled", FACT_CANCEL, "Totals of orders cancelled whole."),
      MONEY("refunded", FACT_REFUND, "Money given back.")}, NULL},
    {"sales_by_channel", "Sales by channel",
     "Orders placed, by the channel they came from.", BY_CHANNEL, "channel",
     {SALES_COLUMNS,
      MONEY("cancelled", FACT_CANCEL, "Totals of orders cancelled whole."),
      MONEY("refunded", FACT_REFUND, "Money given back.")}, NULL},
    {"sales_by_country", "Sales by country",
     "Orders placed, by the country they go to.", BY_PART, "country",
     {SALES_COLUMNS}, NULL},
    {"sales_by_sku", "Sales by SKU", "Lines of orders placed, as placed.",
     BY_PART, "sku",
     {COUNTED("units", FACT_SKU, FIELD_UNITS, "Units ordered."),
      COUNTED("lines", FACT_SKU, FIELD_N, "Lines they stood in."),
      MONEY("sales", FACT_SKU, "Totals of these lines.")}, NULL},
    {"top_customers", "Top customers",
     "Who bought most, of orders that were not cancelled.", BY_PART, "customer",
     {MONEY("sales", FACT_ORDER, "Totals of their orders."),
      COUNTED("orders", FACT_ORDER, FIELD_N, "Their orders."),
      MEAN_MONEY("average_order", FACT_ORDER, "Sales by orders.")},
     report_customers},
    {"discounts_over_time", "Discounts over time",
     "What was taken off orders, by the time they were placed.", BY_TIME,
     "time",
     {COUNTED("orders", FACT_ORDER, FIELD_N, "Orders placed."),
      COUNTED("discounted", FACT_DISCOUNT, FIELD_N, "Those with a discount."),
      MONEY("discounts", FACT_DISCOUNT, "What was taken off."),
      SHARE("discounted_share", FACT_DISCOUNT, FIELD_N, FACT_ORDER, FIELD_N,
            "Discounted by orders."),
      SHARE("of_sales", FACT_DISCOUNT, FIELD_AMOUNT, FACT_ORDER, FIELD_AMOUNT,
            "Discounts by sales.")}, NULL},
    {"tax_by_country", "Tax by country",
     "Tax of orders placed, by the country they go to.", BY_PART, "country",
     {MONEY("tax", FACT_TAX, "Tax in the totals or on top."),
      COUNTED("taxed", FACT_TAX, FIELD_N, "Orders with tax."),
      COUNTED("orders", FACT_ORDER, FIELD_N, "Orders placed."),
      MONEY("sales", FACT_ORDER, "Their totals, with tax and shipping.")},
     NULL},
    {"refunds_by_reason", "Refunds by reason",
     "Money given back, by the reason named.", BY_PART, "reason",
     {MONEY("refunded", FACT_REFUND, "Money given back."),
      COUNTED("refunds", FACT_REFUND, FIELD_N, "How many times."),
      MEAN_MONEY("average_refund", FACT_REFUND, "Refunded by refunds.")},
     NULL},
    {"cancellations_by_reason", "Cancellations by reason",
     "Orders cancelled whole, by the reason named.", BY_PART, "reason",
     {COUNTED("orders", FACT_CANCEL, FIELD_N, "Orders cancelled."),
      MONEY("cancelled", FACT_CANCEL, "Their totals as placed.")}, NULL},
    {"returns_by_reason", "Returns by reason",
     "Lines of returns by the reason the buyer gave, when the return was "
     "opened.",
     BY_PART, "reason",
     {COUNTED("units", FACT_RETURN, FIELD_UNITS, "Units to come back."),
      COUNTED("lines", FACT_RETURN, FIELD_N, "Lines of returns.")}, NULL},
    {"fulfillment_by_stage", "Fulfillment time by stage",
     "How long orders stand in each stage, by the time it was over.", BY_PART,
     "stage",
     {COUNTED("times", FACT_STAGE, FIELD_N, "How often it was over."),
      MEAN_TIME("average", FACT_STAGE, "How long it took on average.")}, NULL},
    {"parcels_over_time", "Parcels over time",
     "Parcels to buyers by the time they left.", BY_TIME, "time",
     {PARCEL_COLUMNS}, NULL},
    {"shipping_cost_by_carrier", "Shipping cost by carrier",
     "What labels of parcels shipped cost, by carrier and service.", BY_PART,
     "carrier", {PARCEL_COLUMNS}, NULL},
    {"parcels_by_location", "Parcels by location",
     "What each location sent out.", BY_LOCATION, "location",
     {PARCEL_COLUMNS}, NULL},
    {"on_time_by_carrier", "On time by carrier",
     "Parcels delivered, against the day that was promised.", BY_PART,
     "carrier", {DELIVERY_COLUMNS}, NULL},
    {"on_time_by_location", "On time by location",
     "Parcels delivered, against the day that was promised, by where they "
     "came from.",
     BY_LOCATION, "location", {DELIVERY_COLUMNS}, NULL},
    {"split_over_time", "Split orders over time",
     "In how many parcels orders leave.", BY_TIME, "time",
     {COUNTED("orders", FACT_SPLIT, FIELD_N, "Orders whose first parcel left."),
      COUNTED("split", FACT_SPLIT, FIELD_UNITS, "Whose second parcel left."),
      COUNTED("parcels", FACT_SPLIT, FIELD_AMOUNT, "Parcels that left."),
      SHARE("split_share", FACT_SPLIT, FIELD_UNITS, FACT_SPLIT, FIELD_N,
            "Split by orders.")}, NULL},
    {"troubles_by_kind", "Errors by kind",
     "What went wrong between order and door, by what it was.", BY_PART,
     "trouble",
     {COUNTED("times", FACT_TROUBLE, FIELD_N, "How often.")}, NULL},
    {"troubles_over_time", "Errors over time",
     "What went wrong between order and door, against parcels shipped.",
     BY_TIME, "time",
     {COUNTED("times", FACT_TROUBLE, FIELD_N, "How often."),
      COUNTED("parcels", FACT_SPLIT, FIELD_AMOUNT, "Parcels that left."),
      SHARE("by_parcels", FACT_TROUBLE, FIELD_N, FACT_SPLIT, FIELD_AMOUNT,
            "Times by parcels.")}, NULL},
    {"stock_cover", "Stock cover",
     "For how many days the stock of what was sold lasts at that pace, the "
     "shortest first.",
     BY_PART, "sku",
     {{"cover", COLUMN_SECONDS, FACT_COVER, FIELD_AMOUNT, FACT_NONE, FIELD_NONE,
       "How long the stock lasts."},
      COUNTED("available", FACT_COVER, FIELD_UNITS, "Units free to sell now."),
      COUNTED("sold", FACT_SKU, FIELD_UNITS, "Units ordered in these days.")},
     report_cover},
};
/* clang-format on */
const size_t report_count = COUNT_OF(reports);

const struct report *report_find(str name)
{
    for (size_t i = 0; i < report_count; i++)
        if (str_equal_cstr(name, reports[i].name))
            return &reports[i];
    return NULL;
}

size_t report_width(const struct report *report)
{
    size_t n = 0;
    while (n < REPORT_COLUMNS && report->columns[n].name)
        n++;
    return n;
}

enum report_of report_of(const struct report *report)
{
    bool is_channel = false, is_location = false;
    for (size_t i = 0; i < report_width(report) && !report->run; i++) {
        is_location |= report->columns[i].fact >= FACT_STAGE;
        is_channel |= report->columns[i].fact < FACT_STAGE;
    }
    return is_channel == is_location ? OF_NOTHING
           : is_channel              ? OF_CHANNEL
                                     : OF_LOCATION;
}

static void add(int64_t *to, int64_t from)
{
    if (!i64_add(*to, from, to))
        *to = INT64_MAX;
}

void report_add(struct report_sum *to, const struct report_sum *from)
{
    add(&to->n, from->n);
    add(&to->units, from->units);
    add(&to->amount, from->amount);
}

static int64_t field_of(const struct report_sum *sum, enum report_field field)
{
    switch (field) {
    case FIELD_NONE: return 0;
    case FIELD_N: return sum->n;
    case FIELD_UNITS: return sum->units;
    case FIELD_AMOUNT: return sum->amount;
    }
    UNREACHABLE("every field is named");
}

/* Half away from zero; all sums are positive but what is free to sell. */
static int64_t ratio(int64_t top, int64_t scale, int64_t under)
{
    wide twice = (wide)top * scale * 2;
    wide half = twice < 0 ? -(wide)under : under;
    wide whole = (twice + half) / ((wide)under * 2);
    return whole > INT64_MAX ? INT64_MAX : (int64_t)whole;
}

static int64_t value_of(const struct report_column *column,
                        const struct report_sum *sums)
{
    enum { BASIS_POINTS = 10000, SECOND_MS = 1000 };
    int64_t top = field_of(&sums[column->fact], column->top);
    int64_t under = field_of(&sums[column->under_fact], column->under);
    int64_t scale = column->type == COLUMN_SHARE ? BASIS_POINTS : 1;
    if (column->type == COLUMN_SECONDS)
        return column->under == FIELD_NONE ? top / SECOND_MS
               : under == 0                ? REPORT_NOTHING
                                           : ratio(top, 1, under) / SECOND_MS;
    if (column->under == FIELD_NONE)
        return top;
    return under == 0 ? REPORT_NOTHING : ratio(top, scale, under);
}

void report_values(const struct report *report, struct report_row *row)
{
    for (size_t i = 0; i < report_width(report); i++)
        row->values[i] = value_of(&report->columns[i], row->sums);
}
