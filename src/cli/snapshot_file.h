/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CLI_SNAPSHOT_FILE_H
#define MTP_CLI_SNAPSHOT_FILE_H

#include "metapool/snapshot.h"

#include "cli/cli.h"

/** Whether --snapshot fits with the other options and the FILEs; what is wrong is told.
 */
mtp_exit mtp_cli_snapshot_check(const mtp_request *request, size_t n,
                                char *const paths[]);

/** Compare with the snapshot of --snapshot, or write it. The comparison stays NULL
 *  without that option. */
mtp_exit mtp_cli_snapshot(const mtp_request *request, const mtp_analysis_file *file,
                          mtp_snapshot_comparison **comparison);

#endif
