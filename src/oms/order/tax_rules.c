/* tax_rules.c - which rates apply and what they come to. Pure. */
#include "base/arena.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/order/tax.h"

__extension__ typedef __int128 int128;

static const int64_t ONE_PPM = 1000 * 1000;
static const int64_t ONE = (int64_t)1000 * 1000 * 1000 * 1000;

/* ---- places ---- */

static str plain(struct arena *arena, str text)
{
    char *to = arena_alloc_raw(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ' ' || c == '-')
            continue;
        to[len++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    return (str){to, len};
}

struct tax_place tax_place_of(struct arena *arena, str country, str region,
                              str postal_code)
{
    struct tax_place place = {.country = plain(arena, country)};
    if (region.len > 3 && region.ptr[2] == '-' &&
        str_equal(plain(arena, (str){region.ptr, 2}), place.country))
        region = (str){region.ptr + 3, region.len - 3};
    place.region = plain(arena, region);
    place.postal_code = plain(arena, postal_code);
    return place;
}

/* ---- which rates apply ---- */

/* The rates of one class at the place, one per layer, lowest first. */
struct set {
    str tax_class;
    const struct tax_rate *at[LIMIT_TAX_LAYERS];
    /* Of each, what it takes of a price without taxes, in 10^-12; all of
     * them. */
    int64_t weights[LIMIT_TAX_LAYERS], weight;
    size_t count;
};

static bool is_there(const struct tax_rate *rate, const struct tax_place *to)
{
    return str_equal(rate->country, to->country) &&
           (rate->region.len == 0 || str_equal(rate->region, to->region)) &&
           str_starts(to->postal_code, rate->postal_prefix);
}

/* The class counts before the place, the nearer place before the wider. */
static bool is_nearer(const struct tax_rate *a, const struct tax_rate *b,
                      str tax_class)
{
    bool x = str_equal(a->tax_class, tax_class);
    bool y = str_equal(b->tax_class, tax_class);
    if (x != y)
        return x;
    if (a->postal_prefix.len != b->postal_prefix.len)
        return a->postal_prefix.len > b->postal_prefix.len;
    if ((a->region.len > 0) != (b->region.len > 0))
        return a->region.len > 0;
    return a->id.v < b->id.v;
}

/* What is due of it: nothing where it is an exemption, or the buyer owes it. */
static int64_t ppm_of(const struct tax_rate *rate,
                      const struct tax_request *request)
{
    if (rate->kind == TAX_EXEMPT ||
        (rate->is_reversed && request->tax_id.len > 0))
        return 0;
    return rate->rate_ppm;
}

static void weigh(struct set *set, const struct tax_request *request)
{
    for (size_t i = 0; i < set->count; i++) {
        int128 base = set->at[i]->is_compound ? (int128)ONE + set->weight : ONE;
        set->weights[i] =
            (int64_t)(base * ppm_of(set->at[i], request) / ONE_PPM);
        set->weight += set->weights[i];
    }
}

static void find_set(const struct tax_request *request, str tax_class,
                     struct set *ret)
{
    const struct tax_rate *best[LIMIT_TAX_LAYERS] = {0};
    *ret = (struct set){.tax_class = tax_class};
    for (size_t i = 0; i < request->rate_count; i++) {
        const struct tax_rate *rate = &request->rates[i];
        ASSERT(rate->layer >= 1 && rate->layer <= LIMIT_TAX_LAYERS);
        const struct tax_rate **slot = &best[rate->layer - 1];
        if (!rate->is_active || request->at < rate->valid_from ||
            request->at >= rate->valid_to || !is_there(rate, &request->to))
            continue;
        if (!str_equal(rate->tax_class, tax_class) &&
            !str_equal_cstr(rate->tax_class, "standard"))
            continue;
        if (!*slot || is_nearer(rate, *slot, tax_class))
            *slot = rate;
    }
    for (size_t i = 0; i < LIMIT_TAX_LAYERS; i++)
        if (best[i])
            ret->at[ret->count++] = best[i];
    weigh(ret, request);
}

/* ---- what they come to ---- */

struct work {
    struct ctx *ctx;
    const struct tax_request *request;
    struct set *sets;
    size_t set_count;
    size_t *set_of;   /* Per item. */
    int64_t *amounts; /* Per item and layer: LIMIT_TAX_LAYERS in a row. */
};

static int64_t *amounts_of(const struct work *work, size_t item)
{
    return &work->amounts[item * LIMIT_TAX_LAYERS];
}

static const struct set *set_of(const struct work *work, size_t item)
{
    return &work->sets[work->set_of[item]];
}

static err_t rounded(const struct work *work, int64_t amount, int64_t num,
                     int64_t den, int64_t *ret)
{
    money tax, base = money_make(amount, work->request->currency);
    TRY(money_mul_ratio(work->ctx, base, num, den, work->request->rounding,
                        &tax));
    if (tax.minor > LIMIT_MINOR)
        return fail_as(work->ctx, ERR_INVALID, "number_out_of_range", "lines",
                       "the taxes are too large");
    *ret = tax.minor;
    return OK;
}

static err_t split(const struct work *work, int64_t total,
                   const int64_t *weights, size_t count, int64_t *ret)
{
    money *parts = arena_array(work->ctx->arena, money, count);
    TRY(money_split(work->ctx, money_make(total, work->request->currency),
                    weights, count, parts));
    for (size_t i = 0; i < count; i++)
        ret[i] = parts[i].minor;
    return OK;
}

/* What the n-th rate of an item is reckoned on. */
static int64_t base_of(const struct work *work, size_t item, size_t n)
{
    int64_t base = work->request->items[item].amount;
    if (set_of(work, item)->at[n]->is_compound)
        for (size_t i = 0; i < n; i++)
            base += amounts_of(work, item)[i];
    return base;
}

/* ---- prices without taxes ---- */

static err_t add_line(const struct work *work, size_t item)
{
    const struct set *set = set_of(work, item);
    for (size_t n = 0; n < set->count; n++)
        TRY(rounded(work, base_of(work, item, n),
                    ppm_of(set->at[n], work->request), ONE_PPM,
                    &amounts_of(work, item)[n]));
    return OK;
}

/* Where the set of an item has that rate; its count where it has not. */
static size_t find_rate(const struct set *set, const struct tax_rate *rate)
{
    size_t n = 0;
    while (n < set->count && set->at[n] != rate)
        n++;
    return n;
}

/* One rate on all items that bear it, rounded once. */
static err_t add_rate(const struct work *work, const struct tax_rate *rate)
{
    size_t count = work->request->item_count, n = 0;
    int64_t *bases = arena_array(work->ctx->arena, int64_t, count);
    int64_t *parts = arena_array(work->ctx->arena, int64_t, count);
    size_t *items = arena_array(work->ctx->arena, size_t, count);
    int64_t sum = 0, tax;
    for (size_t i = 0; i < count; i++) {
        const struct set *set = set_of(work, i);
        size_t at = find_rate(set, rate);
        if (at == set->count)
            continue;
        bases[n] = base_of(work, i, at);
        sum += bases[n];
        items[n++] = i;
    }
    if (n == 0)
        return OK;
    TRY(rounded(work, sum, ppm_of(rate, work->request), ONE_PPM, &tax));
    TRY(split(work, tax, bases, n, parts));
    for (size_t i = 0; i < n; i++) {
        size_t at = find_rate(set_of(work, items[i]), rate);
        amounts_of(work, items[i])[at] = parts[i];
    }
    return OK;
}

static bool is_in_sets(const struct work *work, const struct tax_rate *rate)
{
    for (size_t i = 0; i < work->set_count; i++)
        if (find_rate(&work->sets[i], rate) < work->sets[i].count)
            return true;
    return false;
}

/* Lower layers first: compound rates are reckoned on them. */
static err_t add_total(const struct work *work)
{
    const struct tax_request *request = work->request;
    for (int64_t layer = 1; layer <= LIMIT_TAX_LAYERS; layer++)
        for (size_t i = 0; i < request->rate_count; i++)
            if (request->rates[i].layer == layer &&
                is_in_sets(work, &request->rates[i]))
                TRY(add_rate(work, &request->rates[i]));
    return OK;
}

/* ---- prices with their taxes ---- */

/* Shares the tax of an item out to its rates. */
static err_t give_rates(const struct work *work, size_t item, int64_t tax)
{
    const struct set *set = set_of(work, item);
    if (set->count == 0)
        return OK;
    return split(work, tax, set->weights, set->count, amounts_of(work, item));
}

static err_t contained(const struct work *work, const struct set *set,
                       int64_t gross, int64_t *ret)
{
    *ret = 0;
    if (set->weight == 0)
        return OK;
    return rounded(work, gross, set->weight, ONE + set->weight, ret);
}

static err_t take_line(const struct work *work, size_t item)
{
    int64_t tax;
    TRY(contained(work, set_of(work, item), work->request->items[item].amount,
                  &tax));
    return give_rates(work, item, tax);
}

/* All items with the same rates, rounded once. */
static err_t take_set(const struct work *work, size_t set)
{
    size_t count = work->request->item_count, n = 0;
    int64_t *gross = arena_array(work->ctx->arena, int64_t, count);
    int64_t *parts = arena_array(work->ctx->arena, int64_t, count);
    size_t *items = arena_array(work->ctx->arena, size_t, count);
    int64_t sum = 0, tax;
    for (size_t i = 0; i < count; i++) {
        if (work->set_of[i] != set)
            continue;
        gross[n] = work->request->items[i].amount;
        sum += gross[n];
        items[n++] = i;
    }
    if (n == 0)
        return OK;
    TRY(contained(work, &work->sets[set], sum, &tax));
    TRY(split(work, tax, gross, n, parts));
    for (size_t i = 0; i < n; i++)
        TRY(give_rates(work, items[i], parts[i]));
    return OK;
}

/* ---- all ---- */

static bool is_same_set(const struct set *a, const struct set *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->at[i] != b->at[i])
            return false;
    return true;
}

/* Classes that bear the same rates share a set. */
static size_t set_for(struct work *work, str tax_class)
{
    struct set found;
    if (tax_class.len == 0)
        tax_class = STR("standard");
    for (size_t i = 0; i < work->set_count; i++)
        if (str_equal(work->sets[i].tax_class, tax_class))
            return i;
    find_set(work->request, tax_class, &found);
    for (size_t i = 0; i < work->set_count; i++)
        if (is_same_set(&work->sets[i], &found))
            return i;
    work->sets[work->set_count] = found;
    return work->set_count++;
}

static str reason_of(const struct tax_rate *rate,
                     const struct tax_request *request)
{
    if (rate->kind == TAX_EXEMPT)
        return rate->reason.len > 0 ? rate->reason : STR("exempt");
    if (rate->is_reversed && request->tax_id.len > 0)
        return STR("reverse_charge");
    return STR_NONE;
}

static str jurisdiction_of(struct arena *arena, const struct tax_rate *rate)
{
    return str_printf(arena, "%.*s%s%.*s%s%.*s", STR_ARG(rate->country),
                      rate->region.len > 0 ? "-" : "", STR_ARG(rate->region),
                      rate->postal_prefix.len > 0 ? "/" : "",
                      STR_ARG(rate->postal_prefix));
}

static void give_lines(const struct work *work, size_t item,
                       struct tax_lines *ret)
{
    struct arena *arena = work->ctx->arena;
    const struct set *set = set_of(work, item);
    struct order_tax *lines = arena_array(arena, struct order_tax, set->count);
    for (size_t i = 0; i < set->count; i++)
        lines[i] = (struct order_tax){
            .name = set->at[i]->name,
            .rate_ppm = ppm_of(set->at[i], work->request),
            .amount = amounts_of(work, item)[i],
            .jurisdiction = jurisdiction_of(arena, set->at[i]),
            .reason = reason_of(set->at[i], work->request),
        };
    *ret = (struct tax_lines){lines, set->count};
}

static err_t reckon(const struct work *work)
{
    const struct tax_request *request = work->request;
    if (request->round == TAX_ROUND_LINE) {
        for (size_t i = 0; i < request->item_count; i++)
            TRY(request->mode == TAX_EXCLUSIVE ? add_line(work, i)
                                               : take_line(work, i));
        return OK;
    }
    if (request->mode == TAX_EXCLUSIVE)
        return add_total(work);
    for (size_t i = 0; i < work->set_count; i++)
        TRY(take_set(work, i));
    return OK;
}

static err_t check_amounts(struct ctx *ctx, const struct tax_request *request)
{
    int64_t sum = 0;
    for (size_t i = 0; i < request->item_count; i++) {
        ASSERT(request->items[i].amount >= 0);
        if (!i64_add(sum, request->items[i].amount, &sum) || sum > LIMIT_MINOR)
            return fail_as(ctx, ERR_INVALID, "number_out_of_range", "lines",
                           "the sums of the order are too large");
    }
    return OK;
}

err_t tax_compute(struct ctx *ctx, const struct tax_request *request,
                  struct tax_lines **ret)
{
    struct arena *arena = ctx->arena;
    size_t count = request->item_count;
    struct work work = {
        .ctx = ctx,
        .request = request,
        .sets = arena_array(arena, struct set, count),
        .set_of = arena_array(arena, size_t, count),
        .amounts = arena_array(arena, int64_t, count * LIMIT_TAX_LAYERS),
    };
    TRY(check_amounts(ctx, request));
    for (size_t i = 0; i < count; i++)
        work.set_of[i] = set_for(&work, request->items[i].tax_class);
    TRY(reckon(&work));
    *ret = arena_array(arena, struct tax_lines, count);
    for (size_t i = 0; i < count; i++)
        give_lines(&work, i, &(*ret)[i]);
    return OK;
}

const struct tax tax_tables = {"tables", tax_compute};
