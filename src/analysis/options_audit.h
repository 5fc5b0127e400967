/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_OPTIONS_AUDIT_H
#define MTP_ANALYSIS_OPTIONS_AUDIT_H

/* Options of the commands on analysis files; columns as in options.h. */

/* clang-format off */
#define MTP_AUDIT_OPTION_LIST(X)                                                           \
    X(VERIFY_FORMAT, "format", 'f', MTP_COMMAND_VERIFY, OUTPUT, CHOICE,                        \
      "text|json|csv|markdown|html|junit|tap|", 0, 0, NULL, "FORMAT", false,                   \
      "text (default), json, csv, markdown, html, junit (XML), tap; else as the name of "      \
      "--output ends")
/* clang-format on */

#endif
