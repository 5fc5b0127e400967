/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_CHOICES_H
#define MTP_ANALYSIS_CHOICES_H

#include "analysis/options.h"
#include "bias_analysis/settings.h"

/** The choices of a list option, each once, in the order in which they were given. */
enum { MTP_CHOICES_MAX = 16 };
typedef struct mtp_choices {
    size_t n;
    int item[MTP_CHOICES_MAX]; /* positions among the choices of the option */
} mtp_choices;

/**
 * Read "egger, begg", and what further values of the option add.
 * @return MTP_OK, none where the option was not given; MTP_E_ARG
 */
mtp_status mtp_choices_read(const mtp_request *request, mtp_option_index option,
                            mtp_choices *choices, mtp_error *err);

/** Add a name to a list of names, one a line. */
void mtp_choices_add_line(char list[MTP_BIAS_LIST_TEXT], const char *name);

#endif
