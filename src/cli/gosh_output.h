/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CLI_GOSH_OUTPUT_H
#define MTP_CLI_GOSH_OUTPUT_H

#include "metapool/sensitivity_analysis.h"

#include "cli/cli.h"

#include <stdio.h>

/** Where the fits of all subsets go; begun before mtp_run, ended after it. */
typedef struct mtp_cli_gosh {
    const char *path; /* NULL: not asked for */
    FILE *spool;
    int error; /* errno of what went wrong; 0: nothing */
} mtp_cli_gosh;

mtp_exit mtp_cli_gosh_begin(mtp_cli_gosh *gosh, mtp_request *request);
/** Says what went wrong, if anything. */
mtp_exit mtp_cli_gosh_failed(const mtp_cli_gosh *gosh);
/** Write the file, if it is to be written, and free what is held. */
mtp_exit mtp_cli_gosh_end(mtp_cli_gosh *gosh, bool write);

#endif
