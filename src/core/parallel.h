/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_PARALLEL_H
#define MTP_CORE_PARALLEL_H

#include "metapool/status.h"

#include <stddef.h>

/**
 * Ordered parallel-for: run task(context, i) for i = 0 .. n - 1 on up to `threads`
 * threads. A task writes only to its own slot i; the caller reduces by index, so no bit
 * of a result depends on the number of threads. The first failure by index is returned.
 * Runs serially where threads <= 1, n <= 1 or no thread can be started.
 */
typedef mtp_status (*mtp_task)(void *context, size_t index);

mtp_status mtp_parallel_for(size_t n, unsigned threads, mtp_task task, void *context);

#endif
