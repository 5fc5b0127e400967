/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CLI_RUN_INPUTS_H
#define MTP_CLI_RUN_INPUTS_H

#include "metapool/analysis_file.h"

#include "cli/cli.h"

/** Nothing that the analyses write into the folder may replace a table that is read.
 *  Prints what would. */
mtp_exit mtp_cli_spare_inputs(const mtp_analysis_file *file, const char *folder,
                              size_t n, const mtp_index_entry entry[]);

#endif
