/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_OPTIONS_LINT_H
#define MTP_ANALYSIS_OPTIONS_LINT_H

/* The part of the option registry that is about lint; its columns are those of
 * MTP_OPTION_LIST. */

/* clang-format off */
#define MTP_LINT_OPTION_LIST(X)                                                                \
    X(INTEGERS, "integers", 0, MTP_COMMAND_LINT, COLUMNS, FLAG, "", 0, 0, "false", "", true,   \
      "the values behind the means are whole numbers, as of a questionnaire: check which means "  \
      "are possible")                                                                          \
    X(ONLY_RULES, "only", 0, MTP_COMMAND_LINT, ANALYSES, LIST, "", 0, 0, NULL, "RULE,...",     \
      true, "only these rules, by id (L103), name (bound) or family (L1); repeatable")         \
    X(IGNORE_RULES, "ignore", 0, MTP_COMMAND_LINT, ANALYSES, LIST, "", 0, 0, NULL, "RULE,...", \
      true, "not these rules; repeatable")                                                     \
    X(LIST_RULES, "list-rules", 0, MTP_COMMAND_LINT, OUTPUT, FLAG, "", 0, 0, "false", "",     \
      false, "list the rules in place of looking at a table; FILE is not needed")             \
    X(FAIL_ON, "fail-on", 0, MTP_COMMAND_LINT, OUTPUT, CHOICE, "error|warning|info|never|", 0, \
      0, "warning", "SEVERITY", false, "findings at or above it make the exit status 1")
/* clang-format on */

#endif
