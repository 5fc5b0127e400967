/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CLI_RUN_INPUTS_H
#define MTP_CLI_RUN_INPUTS_H

#include "metapool/analysis_file.h"

#include "cli/cli.h"

/** Nothing that the analyses write into the folder may replace a table that is read.
 *  Prints what would. */
mtp_exit mtp_cli_spare_inputs(const mtp_analysis_file *file, const char *folder,
                              size_t n, const mtp_index_entry entry[]);

/** The file of an option (without dashes) may not be a table or a table of claims that
 *  the analysis file names. Prints which; `path` may be NULL. */
mtp_exit mtp_cli_spare_tables(const mtp_analysis_file *file, const char *option,
                              const char *path);

#endif
