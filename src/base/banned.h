/* banned.h - calls that are compile errors here, each with what to use.
 *
 * A file that wraps one of them defines WHARF_UNBANNED before its includes.
 */
#ifndef WHARF_BASE_BANNED_H
#define WHARF_BASE_BANNED_H
#ifndef WHARF_UNBANNED

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(call) use_instead_of_##call
#undef strcpy
#define strcpy(a, b) BANNED(strcpy) /* buf_add_str */
#undef strcat
#define strcat(a, b) BANNED(strcat) /* buf_add_str */
#undef strncpy
#define strncpy(a, b, n) BANNED(strncpy)
#undef sprintf
#define sprintf(...) BANNED(sprintf) /* snprintf, buf_addf */
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef strtok
#define strtok(a, b) BANNED(strtok)
#undef atoi
#define atoi(a) BANNED(atoi) /* str_to_i64 */
#undef strtol
#define strtol(a, b, c) BANNED(strtol) /* str_to_i64 */
#undef gmtime
#define gmtime(a) BANNED(gmtime) /* base/time.h */
#undef localtime
#define localtime(a) BANNED(localtime) /* base/time.h */
#undef time
#define time(a) BANNED(time) /* ctx->now, clock_now() */
#undef rand
#define rand() BANNED(rand) /* randombytes_buf */
#undef malloc
#define malloc(n) BANNED(malloc) /* arena_new, mem_new */
#undef calloc
#define calloc(n, m) BANNED(calloc)
#undef realloc
#define realloc(p, n) BANNED(realloc)
#undef free
#define free(p) BANNED(free) /* mem_free */

#endif
#endif
