/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_OWNED_H
#define MTP_CORE_OWNED_H

#include "metapool/status.h"

#include "core/arena.h"

/**
 * The frame of public results and options. A result stands in an arena of its own, with
 * all that it points to, and goes with it. Options begin with their size (a size_t),
 * which tells of which version of the library they are.
 */

/** A cleared result; NULL when memory is exhausted. */
void *mtp_owned_new(size_t size);
#define MTP_OWNED_NEW(type) ((type *)mtp_owned_new(sizeof(type)))
/** The arena in which a result of mtp_owned_new stands. */
mtp_arena *mtp_owned_arena(const void *result);
/** The result and all it points to; NULL does nothing. */
void mtp_owned_free(void *result);

/** Defaults into options of a caller, as many as these have room for. */
void mtp_options_give(void *options, size_t size, const void *defaults,
                      size_t size_of_defaults);
/** What a caller has set, over the defaults in `used`; NULL: nothing. */
void mtp_options_take(void *used, size_t size_of_used, const void *options);
/**
 * The same, `used` keeping its own size.
 * @param least  where the second member begins: a size below it was never set
 * @param init   the function that sets it, for the message
 * @return MTP_OK; MTP_E_ARG, `used` being untouched
 */
mtp_status mtp_options_complete(void *used, size_t size_of_used, const void *options,
                                size_t least, const char *init, mtp_error *err);

#endif
