/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a forest plot is asked to look like. */
#include "metapool/forest_look.h"

#include "analysis/run.h"
#include "core/error.h"
#include "core/names.h"

MTP_NAMES(forest_layout, mtp_forest_layout, MTP_FOREST_LAYOUT_LIST, MTP_LAYOUT_COUNT)

mtp_status mtp_run_look(mtp_run_context *run, const mtp_request *request)
{
    mtp_bundle *bundle = &run->owner->bundle;
    mtp_forest_look *look;

    if (bundle->command != MTP_COMMAND_FOREST) {
        return MTP_OK;
    }
    look = MTP_ARENA_NEW(run->owner->arena, mtp_forest_look);
    if (!look) {
        return mtp_fail_nomem(run->err);
    }
    look->layout = (mtp_forest_layout)mtp_request_choice(request, MTP_OPT_LAYOUT);
    if (look->layout == MTP_LAYOUT_SUBGROUP && !run->settings.by) {
        return mtp_fail(
            run->err, MTP_E_ARG,
            "--layout subgroup: shows the summaries of subgroups; give --by");
    }
    bundle->look = look;
    return MTP_OK;
}
