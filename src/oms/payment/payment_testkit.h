/* payment_testkit.h - a payment whose gateway says what a test wants. */
#ifndef WHARF_OMS_PAYMENT_TESTKIT_H
#define WHARF_OMS_PAYMENT_TESTKIT_H

#include "oms/payment/payment_call.h"
#include "oms/shop_testkit.h"

enum { FACTS_MAX = 3 };
struct gate_turn { /* What the worker asked last, and how much. */
    enum gateway_op op;
    size_t count;
    bool is_renewal;
    bool finds_nothing; /* Its books know of nothing; else nothing is told. */
};

struct gate_answer {
    struct payment_task task;
    struct gateway_fact facts[FACTS_MAX];
    size_t count;
    bool is_refused;
};

int gate_setup(void **state);
int gate_teardown(void **state);
/* 100.00 EUR on an account; done: a member more, what its gateway is asked. */
payment_id gate_pay(struct shop *shop, const char *done);
payment_id gate_sell(struct shop *shop);
/* As the worker: what is due is asked, and nothing can be told. */
struct gate_turn gate_turn(struct shop *shop);
/* The same at once, as the turn says. */
void gate_ask(struct shop *shop, struct gate_turn *turn);
struct payment gate_look(struct shop *shop, payment_id id);
void gate_look_in_vain(struct shop *shop);
/* Of its last call. */
struct payment gate_settle(struct shop *shop, payment_id id, const char *truth);
/* Records the answer; and all is sound. */
void gate_tell(struct shop *shop, struct gate_answer *answer);
void gate_fact(struct gate_answer *answer, enum payment_type type,
               const char *id, int64_t amount, const char *reference);
/* To the call, or with GATEWAY_LOOKUP what became of it. */
struct gate_answer gate_answer_to(struct payment_call call, enum gateway_op op);
/* The gateway did what it was asked; a promise stands so long (0: it says
 * nothing). */
void gate_say_until(struct shop *shop, struct payment_call call, const char *id,
                    utc_ms for_ms);
void gate_say_done(struct shop *shop, struct payment_call call, const char *id);
struct payment gate_step(struct shop *shop, payment_id id,
                         const char *operation, int64_t amount,
                         const char *reference);
/* So much is promised, once asked. */
payment_id gate_promise(struct shop *shop, int64_t amount);
/* A webhook tells that 50.00 EUR were taken, by the gateway's own id t7. */
void gate_hook(struct shop *shop, payment_id id, const char *reference);

#endif
