/* retail_window.h - rows gathered into invoices, in constant memory.
 *
 * An invoice is whole once RETAIL_QUIET_ROWS rows went by without one of its
 * own, so its rows may be interleaved with others' and may span files of one
 * call. A row that comes later still begins an invoice of the same number,
 * which is then refused as one that is there with another content.
 */
#ifndef WHARF_CONNECT_CHANNEL_ONLINE_RETAIL_RETAIL_WINDOW_H
#define WHARF_CONNECT_CHANNEL_ONLINE_RETAIL_RETAIL_WINDOW_H

#include "connect/channel/online_retail/retail.h"

enum { RETAIL_QUIET_ROWS = 10000 };

struct retail_window;
struct retail_window *retail_window_open(void);
void retail_window_close(struct retail_window *window); /* Takes NULL. */

/* Copies the row. False where its invoice has too many rows already: the row
 * is not kept. */
bool retail_window_add(struct retail_window *window,
                       const struct retail_row *row);
/* True once it is time to take: about every RETAIL_QUIET_ROWS rows. */
bool retail_window_is_full(const struct retail_window *window);
/* The invoices that are whole (all of them at the end), in the order of their
 * first rows. They live until the next call of take. */
size_t retail_window_take(struct retail_window *window, bool is_end,
                          struct retail_invoice **ret);
/* The invoice of the newest row, taken out unfinished: its file is cut there.
 * False where there is none. It lives until the next call of take. */
bool retail_window_drop_newest(struct retail_window *window,
                               struct retail_invoice *ret);

#endif
