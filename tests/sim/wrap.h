/* wrap.h - wrong ways to take stock and money, put between the rooms by the
 * linker.
 *
 * The simulator is linked with --wrap for these functions, so that a mutant can
 * take the place of any of them. Mutants only.
 */
#ifndef WHARF_SIM_WRAP_H
#define WHARF_SIM_WRAP_H

enum wrong_stock {
    STOCK_IS_RIGHT = 0,
    STOCK_FORGETS_PART,   /* Of a kit one component is not committed. */
    STOCK_TRUSTS_FIRST,   /* Of a kit only the first component is looked at. */
    STOCK_PART_ELSEWHERE, /* A component is committed at another location. */
    STOCK_BLIND_IN_BATCH, /* What the batch has taken is not counted (I6). */
    STOCK_SHORT_FREES,    /* What was not found may be sold again. */
    STOCK_SHIP_KEEPS,     /* What left is still on the shelf. */
    GOODS_PICK_MORE,      /* One more is picked than was found. */
    GOODS_MOVE_STAYS, /* What is sent elsewhere stays reserved where it was. */
    GOODS_MOVE_FREES, /* And is free where it was, whoever has its row. */
    GOODS_BACK_NOWHERE,  /* What nobody came for stays with its order. */
    GOODS_TOO_EARLY,     /* What is to leave later may leave now. */
    TRACE_TRUSTS_LATEST, /* What was heard last counts (I24). */
    MONEY_TAKES_MORE,    /* A cent more than promised may be taken (I15). */
    MONEY_GIVES_MORE,    /* More may be given back than a tender paid (I18). */
    MONEY_ROUNDS_UP,     /* Parts of what comes to a cent more each (I14). */
    MONEY_LEAVES_REST,   /* Units take off what one of all costs (I17). */
    BACK_KEEPS_WORTH,    /* What is taken back is paid for all the same. */
    BACK_TWICE,          /* What comes back is put on the shelf twice. */
    MONEY_FORGETS_PENDING, /* What is on its way back is given again. */
    MONEY_FORGETS_BACK,    /* The balance forgets what was given back (I16). */
    MONEY_IS_PAID,         /* Whatever was taken, it is paid (I27). */
    MONEY_LETS_GO,         /* What is not paid leaves all the same. */
    MONEY_HOLDS_NOTHING,   /* Whose payment is gone is not held. */
    MONEY_COUNTS_TWICE,    /* What is told again counts again (I22). */
    EDIT_BELOW_SHIPPED,    /* A line gets fewer units than left (I12). */
    EDIT_RAISES_MORE,      /* More units cost a cent more than they do. */
    HOLD_LETS_GO,          /* What is on hold leaves all the same. */
    EDIT_KEEPS_STOCK,      /* Units that are given up stay reserved. */
    SWAP_WAITS_NOT,        /* What goes out in exchange waits for nothing. */
    SWAP_HOLDS_NOTHING,    /* It waits, and its lines have FOs. */
    SWAP_GIVES_NOTHING,    /* What is owed in the end stays with the house. */
    BILL_FORGETS_PART,     /* The last part of a document is left out. */
    BILL_TWICE,            /* What was billed is billed again. */
    BILL_CREDITS_NOTHING,  /* What is owed no more stays billed. */
    BILL_LEAVES_GAP,       /* Each document takes two numbers. */
    DRAFT_FORGETS_OWED,    /* What a company owes does not count. */
    DRAFT_NEEDS_NO_YES,    /* A large draft is placed without a yes. */
    LABEL_IS_NOT_SOUGHT,   /* What was refused is not looked up. */
    LABEL_VOID_UNHEARD,    /* A void that was refused and done after all. */
    LABEL_NO_IS_YES        /* That it keeps a label counts as voided. */
};
extern enum wrong_stock wrong_stock;

#endif
