/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/*
 * Preloaded into a program, fails what the system gives it, as the environment says:
 *   FAIL_ALLOCATION=N      the N-th allocation of the program and its libraries gives
 * NULL FAIL_ALLOCATIONS=N     and so do all after it SIGNAL_IN_WRITE=1      SIGTERM
 * arrives just before the program's first write() COUNT_ALLOCATIONS=FD   the number of
 * allocations is written to this descriptor
 */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static unsigned long made, first, last;
static int signal_in_write, count_to = -1;

static unsigned long number(const char *name)
{
    const char *text = getenv(name);

    return text ? strtoul(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void read_environment(void)
{
    unsigned long one = number("FAIL_ALLOCATION"), all = number("FAIL_ALLOCATIONS");

    first = one ? one : all;
    last = one ? one : (unsigned long)-1;
    signal_in_write = number("SIGNAL_IN_WRITE") > 0;
    count_to = (int)number("COUNT_ALLOCATIONS");
    made = 0;
}

__attribute__((destructor)) static void write_count(void)
{
    char text[24];
    size_t at = sizeof text;

    if (count_to > 0) {
        for (unsigned long n = made; n > 0; n /= 10) {
            text[--at] = (char)('0' + n % 10);
        }
        (void)syscall(SYS_write, count_to, text + at, sizeof text - at);
    }
}

/* Worker threads allocate too. */
static int fails(void)
{
    unsigned long n = __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);

    if (first == 0 || n < first || n > last) {
        return 0;
    }
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}

ssize_t write(int descriptor, const void *bytes, size_t length)
{
    if (signal_in_write) {
        signal_in_write = 0;
        (void)raise(SIGTERM);
    }
    return syscall(SYS_write, descriptor, bytes, length);
}
