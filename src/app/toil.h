/* toil.h - a few threads for what takes long and needs no store: hashing a
 * password. The queue is bounded, so a flood is refused and not gathered. */
#ifndef WHARF_APP_TOIL_H
#define WHARF_APP_TOIL_H

#include <stdbool.h>
#include <stddef.h>

struct toil;

struct toil *toil_open(int threads, size_t queue_max);
/* Runs fn(arg) on one of the threads; false where the queue is full. */
bool toil_submit(struct toil *toil, void (*fn)(void *arg), void *arg);
/* Finishes what was taken; from here on toil_submit() says false. */
void toil_stop(struct toil *toil);
/* Stops, and frees. Takes NULL. */
void toil_close(struct toil *toil);

#endif
