/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_LOAD_ANALYSES_H
#define MTP_AUDIT_LOAD_ANALYSES_H

#include "audit/loader.h"

/** An option on its way: without a value it takes an inherited one back. */
typedef struct mtp_option_entry {
    mtp_file_option option;
    mtp_place at_value;
} mtp_option_entry;

/** An analysis on its way. */
typedef struct mtp_analysis_draft {
    const mtp_yaml *key; /* its name */
    const mtp_yaml *title, *command, *kind, *data, *extends, *options, *is_template;
    struct mtp_analysis_draft *parent;
    bool done, broken; /* broken: told what is wrong; nothing follows from it */
    bool has_command;
    mtp_command command_value; /* without one, and of a plot, 0 */
    bool is_plot;
    int kind_value; /* -1: none */
    const mtp_file_data *data_value;
    size_t n; /* options, with the inherited ones first */
    const mtp_option_entry *entry;
} mtp_analysis_draft;

/** The command of a draft, that of the plot's kind included; 0: not known. */
mtp_command mtp_draft_command(const mtp_analysis_draft *draft);

/** Its own options over those of its parent, which is done. */
void mtp_draft_merge_options(mtp_loader *loader, mtp_analysis_draft *draft);

/** Names and values of its options, by the registry. */
void mtp_draft_check_options(mtp_loader *loader, const mtp_analysis_draft *draft);

/** What the file calls its command. */
const char *mtp_file_command_name(const mtp_file_analysis *analysis);

#endif
