/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_MEMO_H
#define MTP_CORE_MEMO_H

#include <stdbool.h>
#include <stddef.h>

/**
 * What a costly function of some numbers gave, for searches that come by the same
 * points again and again. Memory is bounded: a newer value takes the place of an older
 * one. Threads share it; no result hangs on it.
 */
typedef struct mtp_memo mtp_memo;

/** For functions of at most n_keys numbers that give n_values. @return NULL without
 * memory */
mtp_memo *mtp_memo_new(size_t n_keys, size_t n_values);
void mtp_memo_free(mtp_memo *memo);

/** The values of function `unit` at n numbers. NULL knows none. @return false where
 * they are not known */
bool mtp_memo_recall(mtp_memo *memo, size_t unit, size_t n, const double key[],
                     double value[]);
void mtp_memo_remember(mtp_memo *memo, size_t unit, size_t n, const double key[],
                       const double value[]);

#endif
