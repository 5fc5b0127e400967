/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_HINT_H
#define MTP_AUDIT_HINT_H

#include "audit/judge.h"
#include "core/arena.h"
#include "report/tree.h"

/**
 * What slip would explain a claim that does not hold: a share taken for a percentage, a
 * logarithm for a ratio, groups the other way round, limits or models that changed
 * places. Each is tried, in the order in which they are likely.
 *
 * @param value  the figure that the claim names, before its transform
 * @param hint   out: "would PASS with transform: percent (100 x = 48.9421)", in the
 *               arena; NULL: none does, or the claim is a bound or has one digit, which
 *               something would fit by chance
 * @return MTP_OK; MTP_E_NOMEM
 */
mtp_status mtp_verify_hint(const mtp_claim *claim, const mtp_printed *printed,
                           double value, const mtp_tree *tree, mtp_arena *arena,
                           const char **hint);

#endif
