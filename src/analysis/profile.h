/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_PROFILE_H
#define MTP_ANALYSIS_PROFILE_H

#include "analysis/options.h"

/**
 * Profiles: the defaults of other programs, as options of this one. What is given in
 * the request goes before them.
 */

/**
 * A request with the defaults of its profile filled in where nothing was given.
 * @param request  its --profile is one of the choices
 * @param filled   out: borrows the texts and the arena of the request
 */
void mtp_profile_fill(const mtp_request *request, mtp_request *filled);

/**
 * Where two results of the same table differ: by the options in force, and in the
 * random-effects mean.
 * @param ours    without the profile; NULL where that analysis does not exist
 * @param theirs  with it, of the filled request
 * @param arena   holds the profile and copies of its texts
 */
mtp_status mtp_profile_compare(const mtp_request *request, const mtp_bundle *ours,
                               const mtp_bundle *theirs, mtp_arena *arena,
                               const mtp_profile **profile, mtp_error *err);

#endif
