/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_NESTED_SHARES_H
#define MTP_EXPLAIN_NESTED_SHARES_H

#include "explain/nested.h"

/** n->share: what a group has of each equation. */
void mtp_nested_list_shares(mtp_nested_model *n);
/** Where those of a level begin. */
size_t mtp_nested_share_at(const mtp_nested_model *n, size_t level);
/** The shares of a group, and of those in it, in the equations of all levels; `shown`:
 *  in sight. */
void mtp_nested_work_group(mtp_nested_model *n, size_t level, size_t group, bool shown);
/** The table of the children's shares with their sums. */
void mtp_nested_share_table(mtp_nested_model *n, size_t level, size_t group);
/** The sum of a share over the children of a group of a level. */
const char *mtp_nested_share_sum(const mtp_nested_model *n, size_t level, size_t q);

#endif
