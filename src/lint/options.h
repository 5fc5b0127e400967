/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_LINT_OPTIONS_H
#define MTP_LINT_OPTIONS_H

#include "analysis/options.h"
#include "lint/rules.h"

/** Which rules are wanted (--only, --ignore), and --fail-on. @return MTP_E_ARG for a
 *  rule that does not exist */
mtp_status mtp_lint_options(const mtp_request *request,
                            bool wanted[MTP_LINT_RULE_COUNT], mtp_lint_result *result,
                            mtp_error *err);

/** The options that were given and can change a finding. */
mtp_status mtp_lint_list_options(const mtp_request *request, mtp_arena *arena,
                                 mtp_lint_result *result, mtp_error *err);

#endif
