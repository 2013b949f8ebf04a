/* step_card.c - gift cards: issued, changed, disabled. Orders are paid with
 * them (step_pay.c), and money comes back to them. */
#define WHARF_UNBANNED
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "pay.h"

static void compare(struct sim *sim, struct json_in *in,
                    const struct m_card *card)
{
    sim_expect(sim,
               sim_id(in, "id", "gft") == card->id &&
                   pay_minor(in, "balance") == card->balance &&
                   sim_i64(in, "version") == card->version,
               "a gift card must have %lld at version %lld and has %lld at "
               "version %lld",
               (long long)card->balance, (long long)card->version,
               (long long)pay_minor(in, "balance"),
               (long long)sim_i64(in, "version"));
}

void check_cards(struct sim *sim)
{
    for (int i = 0; i < sim->model.card_count; i++) {
        struct call *call = call_open("getGiftCard");
        sim_path(call, 0, "gft", sim->model.cards[i].id);
        call->now = sim->now;
        place_calls(sim->place, &call, 1);
        if (sim_ended(sim, call, ""))
            compare(sim, call->json, &sim->model.cards[i]);
        call_close(call);
    }
}

/* Its code is answered once, so the request is not made again. */
static void issue(struct sim *sim)
{
    struct json_out out;
    struct json_in *in;
    struct m_card card = {.version = 2, .balance = sim_between(sim, 1, 50000)};
    struct call *call = sim_begin(sim, "issueGiftCard", &out);
    json_put_money(&out, "amount", (money){card.balance, "EUR"});
    sim_body(call, &out);
    place_calls(sim->place, &call, 1);
    sim->calls++;
    if (sim_ended(sim, call, "") &&
        sim_expect(sim, json_get_object(call->json, "gift_card", &in) == OK,
                   "a gift card was issued and is not shown")) {
        card.id = sim_id(in, "id", "gft");
        compare(sim, in, &card);
        sim->model.cards[sim->model.card_count++] = card;
    }
    call_close(call);
}

static void change(struct sim *sim, struct m_card *card)
{
    struct json_out out;
    bool is_stale = sim_chance(sim, 5), disables = sim_chance(sim, 4);
    int64_t amount = sim_between(sim, -20000, 20000);
    struct call *call =
        sim_begin(sim, disables ? "disableGiftCard" : "adjustGiftCard", &out);
    sim_path(call, 0, "gft", card->id);
    json_put_i64(&out, "version", card->version + is_stale);
    if (!disables)
        json_put_money(&out, "amount", (money){amount, "EUR"});
    sim_body(call, &out);
    const char *code = "";
    if (!disables && amount == 0)
        code = "number_out_of_range";
    else if (is_stale)
        code = "stale";
    else if (disables && card->is_disabled)
        code = "gift_card_not_usable";
    else if (!disables && card->balance + amount < 0)
        code = "over_balance";
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        card->version++;
        card->is_disabled |= disables;
        card->balance += disables ? 0 : amount;
        compare(sim, call->json, card);
    }
    call_close(call);
}

void card_work(struct sim *sim)
{
    struct model *model = &sim->model;
    if (model->card_count < M_CARDS &&
        (model->card_count == 0 || sim_chance(sim, 30)))
        issue(sim);
    else
        change(sim, &model->cards[sim_between(sim, 0, model->card_count - 1)]);
}
