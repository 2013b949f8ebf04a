/* control_socket.h - Unix sockets beside a store, and descriptors over them. */
#ifndef WHARF_APP_CONTROL_SOCKET_H
#define WHARF_APP_CONTROL_SOCKET_H

#include "base/base.h"

/* The socket of the store in that file. */
const char *control_path(struct arena *arena, const char *store_path);
/* Listens there, mode 0600, and removes what an earlier owner left behind: the
 * caller holds the store's lock. */
MUST_USE err_t control_listen(struct ctx *ctx, const char *path, int *ret);
/* -1 where nobody listens. */
int control_connect(const char *path);

/* All of it, or false. `fds` go with the first byte where they are not NULL. */
bool control_send(int fd, const void *bytes, size_t len, const int *fds);
/* Exactly len bytes, or false. `ret_fds` (CONTROL_FDS, -1 where none came) may
 * be NULL; descriptors that nobody asked for are closed. */
bool control_receive(int fd, void *bytes, size_t len, int *ret_fds);

#endif
