/* rate.h - what callers may take of a server: requests a second, and bytes of
 * bodies that are in memory at one time. Per process, bounded.
 */
#ifndef WHARF_NET_RATE_H
#define WHARF_NET_RATE_H

#include "base/base.h"

struct rates;
struct load;

struct rates *rates_open(void);
/* Takes NULL. */
void rates_close(struct rates *rates);
/* Takes one from the caller's bucket, which holds `burst` and gains
 * `rate_per_s`. 0: taken; else milliseconds until there is one. */
int64_t rates_take(struct rates *rates, uint64_t caller, int64_t rate_per_s,
                   int64_t burst, int64_t now_ms);

enum load_room { LOAD_FITS = 0, LOAD_FULL, LOAD_CALLER_FULL };

struct load *load_open(int64_t max_bytes, int64_t caller_max_bytes);
/* Takes NULL. */
void load_close(struct load *load);
/* caller 0: nobody's account is charged, only the server's. What fits is given
 * back by load_give() of the same. */
enum load_room load_take(struct load *load, uint64_t caller, int64_t bytes);
void load_give(struct load *load, uint64_t caller, int64_t bytes);
int64_t load_bytes(const struct load *load);

#endif
