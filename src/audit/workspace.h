/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_WORKSPACE_H
#define MTP_AUDIT_WORKSPACE_H

#include "metapool/analysis_file.h"
#include "metapool/figure.h"

#include "analysis/options.h"
#include "report/tree.h"

/** mtp_workspace_run with a request of the caller: that of the analysis, changed. The
 *  table is the one that the request's options ask for. */
mtp_status mtp_workspace_run_request(mtp_workspace *workspace,
                                     const mtp_file_analysis *analysis,
                                     const mtp_request *request, mtp_bundle **bundle,
                                     mtp_problems *problems, mtp_error *err);

/** Whether every table of the file that states its SHA-256 has it, read or not.
 *  @return MTP_OK; MTP_E_DATA, naming the first that has not; MTP_E_NOMEM */
mtp_status mtp_workspace_check_files(const mtp_workspace *workspace, mtp_error *err);

/** The table of `data` as the analysis reads it, before any --query. */
mtp_status mtp_workspace_source_table(mtp_workspace *workspace,
                                      const mtp_file_analysis *analysis,
                                      const mtp_table **table, mtp_problems *problems,
                                      mtp_error *err);

/** mtp_workspace_run with another table in place of that one. */
mtp_status mtp_workspace_run_table(const mtp_file_analysis *analysis,
                                   const mtp_table *table, mtp_bundle **bundle,
                                   mtp_error *err);

/** The JSON of an analysis: its report's, or of a plot the data that it shows. */
mtp_status mtp_workspace_tree(const mtp_file_analysis *analysis,
                              const mtp_bundle *bundle, mtp_tree **tree,
                              mtp_error *err);

#endif
