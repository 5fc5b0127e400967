/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every way to pool the effects, beside the chosen one. */
#include "analysis/run.h"

mtp_status mtp_run_compare(mtp_run_context *run)
{
    mtp_status status = mtp_compare(run->owner->effects, &run->settings.pool,
                                    &run->owner->comparison, run->err);

    if (status == MTP_OK) {
        mtp_note_add_all(&run->notes, &run->owner->comparison->notes);
    } else {
        mtp_run_place_error(run);
    }
    return status;
}
