/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_ROUNDED_H
#define MTP_AUDIT_ROUNDED_H

#include "audit/judge.h"
#include "core/arena.h"
#include "report/tree.h"

/**
 * Whether the rounding of the inputs can explain a claim, where its analysis was asked
 * for that (option `rounding`): a figure that would be printed so lies within what the
 * inputs allow.
 *
 * @param note  out: "within the rounding of the inputs, which allow 0.7466 to 0.7664",
 *              in the arena; NULL: it is not, or nothing is known of this figure
 * @return MTP_OK; MTP_E_NOMEM
 */
mtp_status mtp_verify_rounded(const mtp_claim *claim, const mtp_printed *printed,
                              const mtp_tree *tree, mtp_arena *arena,
                              const char **note);

#endif
