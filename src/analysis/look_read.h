/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_LOOK_READ_H
#define MTP_ANALYSIS_LOOK_READ_H

#include "metapool/forest_look.h"

#include "analysis/run.h"

enum {
    MTP_LOOK_COLUMNS = 12 /* of a side */,
    MTP_LOOK_TEXTS = 3 * MTP_LOOK_COLUMNS + 1
};

/** The look while it is made: what it needs of the table gathers in the settings. */
typedef struct mtp_look_job {
    mtp_run_context *run;
    mtp_forest_look *look;
    bool null;         /* --null is given */
    const char **text; /* [MTP_LOOK_TEXTS] expressions */
} mtp_look_job;

/** Columns, order, domains of bias, texts and ranges, as the options have them. */
mtp_status mtp_look_read(mtp_look_job *job, const mtp_request *request);

#endif
