/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_OPTIONS_SENSITIVITY_H
#define MTP_ANALYSIS_OPTIONS_SENSITIVITY_H

/* The options of `sensitivity` that no other command has: a part of MTP_OPTION_LIST. */

/* clang-format off */
#define MTP_SENSITIVITY_OPTION_LIST(X)                                                     \
    X(LEAVE_ONE_OUT, "leave-one-out", 0, MTP_COMMAND_SENSITIVITY | MTP_COMMAND_FOREST, ANALYSES, FLAG, "", 0, 0, \
      "false", "", true,                                                                   \
      "pool without each study; with --by without each subgroup, with --cluster without "  \
      "each cluster")                                                                      \
    X(LEAVE_TWO_OUT, "leave-two-out", 0, MTP_COMMAND_SENSITIVITY, ANALYSES, FLAG, "", 0, 0, \
      "false", "", true, "pool without each two studies")                                  \
    X(CUMULATIVE, "cumulative", 0, MTP_COMMAND_SENSITIVITY | MTP_COMMAND_FOREST, ANALYSES, EXPRESSION, "", 0, 0, \
      NULL, "EXPR", true,                                                                  \
      "pool the studies as they gather, in the order of EXPR: numbers such as years, or "  \
      "text; equal ones together")                                                         \
    X(INFLUENCE, "influence", 0, MTP_COMMAND_SENSITIVITY, ANALYSES, FLAG, "", 0, 0,        \
      "false", "", true,                                                                   \
      "influence of each study: deleted residual, dffits, Cook's distance and the rest")   \
    X(BAUJAT, "baujat", 0, MTP_COMMAND_SENSITIVITY, ANALYSES, FLAG, "", 0, 0, "false", "",  \
      true, "each study's part in the heterogeneity against its pull on the estimate")     \
    X(RADIAL, "radial", 0, MTP_COMMAND_SENSITIVITY, ANALYSES, FLAG, "", 0, 0, "false", "",  \
      true, "coordinates of a radial (Galbraith) plot")                                    \
    X(GOSH, "gosh", 0, MTP_COMMAND_SENSITIVITY, ANALYSES, FLAG, "", 0, 0, "false", "", true, \
      "pool every subset of up to 20 studies, else a random sample of them")               \
    X(SUBSETS, "subsets", 0, MTP_COMMAND_SENSITIVITY | MTP_COMMAND_GOSH_FIGURE, ANALYSES, WHOLE, "", 1, 1e12,        \
      "100000", "N", true, "gosh of more than 20 studies: subsets that are drawn")         \
    X(GOSH_OUTPUT, "gosh-output", 0, MTP_COMMAND_SENSITIVITY, ANALYSES, TEXT, "", 0, 0,    \
      NULL, "FILE", false, "gosh, with its fits written to FILE as CSV, one a line")       \
    X(FRAGILITY, "fragility", 0, MTP_COMMAND_SENSITIVITY, ANALYSES, FLAG, "", 0, 0,        \
      "false", "", true,                                                                   \
      "how few patients with another outcome turn the significance, and which")            \
    X(BLUP, "blup", 0, MTP_COMMAND_SENSITIVITY, ANALYSES, FLAG, "", 0, 0, "false", "",     \
      true, "best linear unbiased predictions of the studies' true effects")               \
    X(ALL_ANALYSES, "all", 0, MTP_COMMAND_SENSITIVITY, ANALYSES, FLAG, "", 0, 0, "false", \
      "", false, "every analysis that applies")
/* clang-format on */

#endif
