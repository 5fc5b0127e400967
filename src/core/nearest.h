/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_NEAREST_H
#define MTP_CORE_NEAREST_H

#include <stddef.h>

/**
 * The name most like what was typed, for "did you mean": least edits (insert, delete,
 * replace, swap of neighbours), case ignored.
 * A NULL among the names is passed over.
 * @return index into names, or n when nothing is near enough (more than a third
 * differs)
 */
size_t mtp_nearest_name(const char *typed, size_t n, const char *const names[]);

#endif
