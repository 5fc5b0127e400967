/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_OPTIONS_AUDIT_H
#define MTP_ANALYSIS_OPTIONS_AUDIT_H

/* Options of the commands on analysis files; columns as in options.h. */

/* clang-format off */
#define MTP_AUDIT_OPTION_LIST(X)                                                           \
    X(VERIFY_FORMAT, "format", 'f', MTP_COMMAND_VERIFY, OUTPUT, CHOICE,                        \
      "text|json|csv|markdown|html|junit|tap|", 0, 0, NULL, "FORMAT", false,                   \
      "text (default), json, csv, markdown, html, junit (XML), tap; else as the name of "      \
      "--output ends")                                                                         \
    X(SEARCH, "search", 0, MTP_COMMAND_VERIFY, ANALYSES, FLAG, "", 0, 0, "false", "", false,   \
      "for every figure that does not hold, try other estimators, intervals, models and "      \
      "zero-cell rules, and say which give it")                                                \
    X(FOLDER, "output", 'o', MTP_COMMAND_RUN, OUTPUT, TEXT, "", 0, 0, NULL, "FOLDER", false,   \
      "write into FOLDER, which is made if it is not there (default: the name of FILE without " \
      "its suffix, in the current folder)")                                                    \
    X(ONLY, "only", 0, MTP_COMMAND_RUN, ANALYSES, LIST, "", 0, 0, NULL, "NAME", false,          \
      "run this analysis alone, and leave index.html as it is; repeatable")   \
    X(SNAPSHOT, "snapshot", 0, MTP_COMMAND_VERIFY, OUTPUT, TEXT, "", 0, 0, NULL, "SNAP", false, \
      "compare every figure of every analysis with the file SNAP, which is written if it is "  \
      "not there; .ENDING is a file beside each FILE, of its name with that ending")           \
    X(UPDATE_SNAPSHOT, "update-snapshot", 0, MTP_COMMAND_VERIFY, OUTPUT, FLAG, "", 0, 0,       \
      "false", "", false, "write the file of --snapshot anew")                                 \
    X(SNAPSHOT_MUST_EXIST, "snapshot-must-exist", 0, MTP_COMMAND_VERIFY, OUTPUT, FLAG, "", 0,  \
      0, "false", "", false, "a SNAP that is not there is a failure, and is not written")      \
    X(SNAPSHOT_TOLERANCE, "snapshot-tolerance", 0, MTP_COMMAND_VERIFY, OUTPUT, NUMBER, "", 0,  \
      1, "1e-9", "NUMBER", false, "relative difference up to which figures are the same")
/* clang-format on */

#endif
